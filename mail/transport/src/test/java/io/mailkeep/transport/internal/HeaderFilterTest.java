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
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    @Claim("ATK-08")
    void aHeaderAsLongAsTheLimitIsTaken() throws IOException {
        byte[] header = "Subject: x\r\n\r\n".getBytes(UTF_8);
        for (int limit : new int[] {header.length - 1, header.length}) {
            HeaderFilter one =
                    new HeaderFilter(out, new ForgedFields("mail.example.test"), limit, 100);
            one.write(header, 0, header.length);
            one.write(header, 0, header.length);
            assertThat(one.problem().isPresent()).isEqualTo(limit < header.length);
        }
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        filter.write(bytes, 0, bytes.length);
        filter.finish();
    }

    @Test
    @Claim({"ATK-13", "ATK-22"})
    void whatItNotesAndRemovesUpToTheLastField() throws IOException {
        write(
                "From : a@b.example\r\n\tfolded\r\nX-Mailkeep-A : x\r\n\ty\r\nFrom: c\r\n"
                        + "Sender: d\r\nX-Mailkeep-B: z\r\n");
        assertThat(out.toString(UTF_8))
                .isEqualTo("From : a@b.example\r\n\tfolded\r\nFrom: c\r\nSender: d\r\n");
        assertThat(filter.from()).containsExactly("a@b.example\tfolded", "c");
        assertThat(filter.sender()).containsExactly("d");
        assertThat(filter.removed()).isEqualTo(2);
        assertThat(filter.wellFormed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no field\r\n", "a b: x\r\n", "\u00e9: x\r\n", ": x\r\n"})
    @Claim("ATK-13")
    void aLineThatIsNoFieldIsNoted(String line) throws IOException {
        write(line + "From: a@b.example\r\n\r\nx\r\n");
        assertThat(filter.wellFormed()).isFalse();
        assertThat(filter.from()).containsExactly("a@b.example");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101})
    @Claim("ATK-17")
    void moreThanAHundredHopsAreALoopToTheLastField(int hops) throws IOException {
        write("Received: x\r\n".repeat(hops));
        assertThat(filter.problem().map(Problem::enhanced))
                .isEqualTo(hops > 100 ? Optional.of("5.4.6") : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Mailkeep-Anything|x|true",
                "x-MAILKEEP-anything|x|true",
                "Authentication-Results|\"m\\ail.example.test\"; x|true",
                "Authentication-Results|mail.example.test(c)1; x|true",
                "Received-SPF|pass receiver=other.example; receiver=mail.example.test|true",
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
