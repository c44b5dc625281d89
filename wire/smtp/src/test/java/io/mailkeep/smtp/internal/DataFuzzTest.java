package io.mailkeep.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Fed;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.smtp.internal.DataReader.Ending;
import io.mailkeep.testing.fuzz.FuzzTarget;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import io.mailkeep.transport.Arrival;
import io.mailkeep.transport.LooseArrival;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The data of a message, against the definition in one line each: it ends at the first {@code
 * CRLF.CRLF} and nowhere else, dots at the beginning of lines lose one, and CR or LF alone, NUL and
 * what is too large refuse it. The first octet says how many come at a time.
 */
@Claim({"ATK-01", "ATK-09", "ATK-16", "ATK-20", "ATK-22"})
class DataFuzzTest implements FuzzTarget {
    private static final long MOST = 3_000;
    private static final String HOST = "mail.example";
    private static final Pattern ALONE = Pattern.compile("\r(?!\n)|(?<!\r)\n");

    private final Spool spool =
            new Spool(
                    new SimDisk(Seeds.randomness(1)),
                    Path.of("/spool"),
                    Seeds.randomness(2),
                    new SpoolLimits(64 << 10, 1 << 20, 1 << 20));

    @Override
    public void one(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        read(octets, 1 + (input[0] & 0xFF) % 50);
        read(octets, octets.length + 1);
        // hardly any input ends by itself
        byte[] ended = Arrays.copyOf(octets, octets.length + 10);
        System.arraycopy(
                "\r\n.\r\nQUIT\r".getBytes(StandardCharsets.US_ASCII), 0, ended, octets.length, 10);
        read(ended, 1 + (input[0] & 0xFF) % 50);
        assertThat(spool.memoryInUse()).isZero();
    }

    private void read(byte[] octets, int piece) throws IOException {
        String sent = new String(octets, StandardCharsets.ISO_8859_1);
        int end = ("\r\n" + sent).indexOf("\r\n.\r\n");
        Connection connection = new Fed(octets, piece).connection;
        try (Arrival arrival = LooseArrival.of(spool, HOST, MOST)) {
            DataReader reader = new DataReader(connection, arrival, 100_000);
            Ending ending = reader.read();
            assertThat(ending).isEqualTo(end < 0 ? Ending.LOST : Ending.COMPLETE);
            if (end < 0) {
                return;
            }
            String wire = sent.substring(0, end);
            String message = wire.replaceAll("(?<=\r\n)\\.|^\\.", "");
            String rest = sent.substring(Math.min(sent.length(), end + 3));
            assertThat(rest(connection)).isEqualTo(rest);
            boolean broken = ALONE.matcher(wire).find();
            assertThat(reader.brokenLines()).isEqualTo(broken);
            if (broken || wire.indexOf('\0') >= 0 || message.length() > MOST) {
                assertThat(arrival.problem()).isPresent();
            }
            if (arrival.problem().isEmpty()) {
                kept(message, arrival);
            }
        }
    }

    /** The message as it was sent, or without the forged fields that its header had. */
    private static void kept(String message, Arrival arrival) throws IOException {
        String body = new String(LooseArrival.body(arrival), StandardCharsets.ISO_8859_1);
        if (LooseArrival.removed(arrival) == 0) {
            assertThat(body).isEqualTo(message);
        } else {
            int text = ("\r\n" + message).indexOf("\r\n\r\n");
            assertThat(body.length()).isLessThan(message.length());
            assertThat(text < 0 || body.endsWith(message.substring(text))).isTrue();
            assertThat(body.toLowerCase(java.util.Locale.ROOT)).doesNotStartWith("x-mailkeep-");
        }
    }

    private static String rest(Connection connection) throws IOException {
        byte[] rest = new byte[20_000];
        int count = 0;
        int more;
        while ((more = connection.read(rest, count, rest.length - count)) > 0) {
            count += more;
        }
        return new String(rest, 0, count, StandardCharsets.ISO_8859_1);
    }
}
