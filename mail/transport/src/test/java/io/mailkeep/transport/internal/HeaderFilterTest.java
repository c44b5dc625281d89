package io.mailkeep.transport.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.testing.sim.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fields that only this server may write are taken out: RFC 8601 5, RFC 7208 9.1, {@code ATK-22}.
 */
@DisplayName("The header filter removes what is forged and changes nothing else")
class HeaderFilterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final HeaderFilter filter =
            new HeaderFilter(out, new ForgedFields("mail.example.test"), 256 << 10, 100);

    @Test
    @Claim("ATK-22")
    void howTheBytesArriveMakesNoDifference() {
        List<String> lines =
                List.of(
                        "Subject: a\r\n",
                        " folded\r\n",
                        "X-Mailkeep-A: b\r\n",
                        "\tfolded\r\n",
                        "Authentication-Results: mail.example.test; x\r\n",
                        "garbage\r\n",
                        "From: a@b.example\r\n",
                        "\r\n",
                        ":\r\n");
        Seeds.run(
                200,
                (seed, randomness) -> {
                    StringBuilder message = new StringBuilder();
                    for (int i = randomness.below(12); i >= 0; i--) {
                        message.append(lines.get(randomness.below(lines.size())));
                    }
                    byte[] bytes = message.toString().getBytes(UTF_8);
                    assertThat(filtered(bytes, 1)).isEqualTo(filtered(bytes, bytes.length));
                    assertThat(filtered(bytes, 1 + randomness.below(20)))
                            .isEqualTo(filtered(bytes, bytes.length));
                });
    }

    private static String filtered(byte[] bytes, int piece) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        HeaderFilter one =
                new HeaderFilter(sink, new ForgedFields("mail.example.test"), 256 << 10, 100);
        for (int at = 0; at < bytes.length; at += piece) {
            one.write(bytes, at, Math.min(piece, bytes.length - at));
        }
        one.finish();
        return sink.toString(UTF_8) + one.removed() + one.from() + one.sender() + one.wellFormed();
    }

    @Test
    void aHeaderOfManyFoldedLinesTakesLinearTime() throws IOException {
        byte[] header = ("X: y\r\n" + " \r\n".repeat(80_000)).getBytes(UTF_8);
        long before = System.nanoTime();
        for (byte one : header) {
            filter.write(new byte[] {one}, 0, 1);
        }
        filter.finish();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(out.toByteArray()).isEqualTo(header);
    }

    @Test
    @Claim("ATK-08")
    void aHeaderBeyondTheLimitIsAProblemAndHoldsNoMore() throws IOException {
        byte[] piece = "x".repeat(8_192).getBytes(UTF_8);
        for (int i = 0; i < 100; i++) {
            filter.write(piece, 0, piece.length);
        }
        assertThat(filter.problem().map(Problem::enhanced)).contains("5.3.4");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Mailkeep-Anything|x|true",
                "X-Mailkeeper|x|false",
                "Authentication-Results|mail.example.test; none|true",
                "authentication-RESULTS|MAIL.EXAMPLE.TEST.|true",
                "Authentication-Results|(c (d\\)) e) mail.example.test 1|true",
                "Authentication-Results|\"mail.example.test\"; x|true",
                "Authentication-Results|mail.example.test.evil.example; x|false",
                "Authentication-Results|other.example; smtp.helo=mail.example.test|false",
                "ARC-Authentication-Results|i=1; mail.example.test; x|true",
                "ARC-Authentication-Results|i=1; other.example; x|false",
                "Received-SPF|pass (x) client-ip=1.2.3.4; receiver = \"mail.example.test\"|true",
                "Received-SPF|pass receiver=other.example|false",
                "Subject|mail.example.test|false"
            })
    @Claim("ATK-22")
    void forgedFields(String name, String value, boolean forged) {
        assertThat(new ForgedFields("mail.example.test").forged(name, value)).isEqualTo(forged);
    }
}
