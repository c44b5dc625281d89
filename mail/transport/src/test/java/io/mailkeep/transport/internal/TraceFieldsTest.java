package io.mailkeep.transport.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.transport.Origin;
import io.mailkeep.transport.Submitter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Trace fields (RFC 5321 4.4)")
class TraceFieldsTest {
    private static final QueueId ID = new QueueId("0123456789ABCDEF");
    private static final Instant AT = Instant.parse("2026-11-05T04:03:02.9Z");

    private static Origin from(String remote, Optional<Submitter> submitter)
            throws UnknownHostException {
        return new Origin(
                "mx",
                "ESMTP",
                "client.example",
                InetAddress.getByName(remote),
                Optional.empty(),
                submitter);
    }

    private static EmailAddress address(String text) {
        return EmailAddress.parse(text).orElseThrow();
    }

    private static String fields(
            Origin origin, Optional<EmailAddress> sender, Optional<EmailAddress> recipient) {
        return new String(
                TraceFields.of(origin, sender, ID, "mail.example.test", recipient, AT), UTF_8);
    }

    @Test
    void ofAStranger() throws UnknownHostException {
        assertThat(
                        fields(
                                from("192.0.2.7", Optional.empty()),
                                Optional.of(address("\"a b\"@b.example")),
                                Optional.of(address("anna@example.test"))))
                .isEqualTo(
                        "Return-Path: <\"a b\"@b.example>\r\n"
                                + "Received: from client.example ([192.0.2.7])\r\n"
                                + "\tby mail.example.test with ESMTP\r\n"
                                + "\tid 0123456789ABCDEF\r\n"
                                + "\tfor <anna@example.test>;\r\n"
                                + "\tThu, 5 Nov 2026 04:03:02 +0000\r\n");
    }

    @Test
    @DisplayName("An IPv6 address is tagged (RFC 5321 4.1.3) and has no zone")
    void ofAStrangerByIpv6() throws UnknownHostException {
        assertThat(fields(from("fe80::1%1", Optional.empty()), Optional.empty(), Optional.empty()))
                .startsWith("Return-Path: <>\r\nReceived: from client.example ([IPv6:fe80:")
                .doesNotContain("%")
                .doesNotContain("\tfor ");
    }

    @Test
    @Claim("CMP-2")
    void ofSomebodyWhoSignedInTellNotFromWhere() throws UnknownHostException {
        Submitter submitter =
                new Submitter(
                        new TenantId(new UUID(0, 1)),
                        new AccountId(new UUID(0, 2)),
                        Set.of(address("anna@example.test")),
                        () -> Outcome.failed(Problem.denied("no", "no")));
        assertThat(
                        fields(
                                from("192.0.2.7", Optional.of(submitter)),
                                Optional.of(address("anna@example.test")),
                                Optional.empty()))
                .startsWith(
                        "Return-Path: <anna@example.test>\r\nReceived: by mail.example.test with ")
                .doesNotContain("192.0.2.7")
                .doesNotContain("client.example");
    }
}
