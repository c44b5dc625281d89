package io.mailkeep.transport.internal;

import io.mailkeep.kernel.QueueId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.transport.Origin;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes the trace fields of a copy (RFC 5321 4.4): {@code Return-Path} and {@code Received}.
 *
 * <p>Of somebody who signed in, neither network address nor computer name is told: it is nobody
 * else's business from where a person writes.
 */
public final class TraceFields {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private TraceFields() {}

    /**
     * The fields, each line ended by CRLF.
     *
     * @param recipient the one address of the mailbox that gets this copy; each copy tells its own
     *     only, so that no blind copy shows
     */
    public static byte[] of(
            Origin origin,
            Optional<EmailAddress> sender,
            QueueId id,
            String hostName,
            Optional<EmailAddress> recipient,
            Instant at) {
        StringBuilder fields = new StringBuilder(256);
        fields.append("Return-Path: <").append(sender.map(EmailAddress::text).orElse(""));
        fields.append(">\r\nReceived: ");
        if (origin.submitter().isEmpty()) {
            fields.append("from ").append(origin.greeting());
            fields.append(" (").append(literal(origin.remote())).append(")\r\n\t");
        }
        fields.append("by ").append(hostName).append(" with ").append(origin.protocol());
        fields.append("\r\n\tid ").append(id.value());
        recipient.ifPresent(address -> fields.append("\r\n\tfor <" + address.text() + ">"));
        origin.tlsSuite().ifPresent(suite -> fields.append("\r\n\ttls ").append(suite));
        fields.append(";\r\n\t").append(DATE.format(at)).append("\r\n");
        return fields.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 5321 4.1.3. */
    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String bare = zone < 0 ? text : text.substring(0, zone);
        return address instanceof Inet6Address ? "[IPv6:" + bare + "]" : "[" + bare + "]";
    }
}
