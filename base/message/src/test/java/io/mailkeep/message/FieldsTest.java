package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Header fields by RFC 5322, encoded words by RFC 2047, transfer encodings by RFC 2045, UTF-8 by
 * RFC 6532: decoded or left as they are, never an error.
 */
class FieldsTest {
    private static String shown(String list) {
        return AddressList.parse(list, 100).stream()
                .map(FieldsTest::shown)
                .collect(Collectors.joining(" "));
    }

    private static String shown(Envelope.Mailbox one) {
        return "("
                + text(one.name())
                + "|"
                + text(one.route())
                + "|"
                + text(one.mailbox())
                + "|"
                + text(one.host())
                + ")";
    }

    private static String text(Optional<String> value) {
        return value.orElse("-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "a@b.test;(-|-|a|b.test)",
                "Ann X <a@b.test>;(Ann X|-|a|b.test)",
                "\"X, Ann\" <a@b.test>, c@d.test;(X, Ann|-|a|b.test) (-|-|c|d.test)",
                "a@b.test (Ann (nested) X);(Ann (nested) X|-|a|b.test)",
                "<@r1.test,@r2.test:a@b.test>;(-|@r1.test,@r2.test|a|b.test)",
                "~grp: a@b.test, c@d.test;, e@f.test~;(-|-|grp|-) (-|-|a|b.test) (-|-|c|d.test) (-|-|-|-) (-|-|e|f.test)",
                "~undisclosed-recipients:;~;(-|-|undisclosed-recipients|-) (-|-|-|-)",
                "grp: a@b.test;(-|-|grp|-) (-|-|a|b.test) (-|-|-|-)",
                "\"a b\"@c.test;(-|-|a b|c.test)",
                "a . b @ c . test;(-|-|a.b|c.test)",
                "a@[1.2.3.4];(-|-|a|[1.2.3.4])",
                "Ann;(-|-|Ann|MISSING_DOMAIN)",
                "<>;(-|-|MISSING_MAILBOX|MISSING_DOMAIN)",
                "Ann <a>;(Ann|-|a|MISSING_DOMAIN)",
                "Ann <@b.test>;(Ann|-|MISSING_MAILBOX|b.test)",
                "a@b.test <c@d.test>;(a@b.test|-|c|d.test)",
                "=?utf-8?q?A?= <a@b.test>;(=?utf-8?q?A?=|-|a|b.test)",
                "J. R. \"Bob\" D <a@b.test>;(J. R. Bob D|-|a|b.test)",
                "~, ,a@b.test,,~;(-|-|a|b.test)",
                "\"open <a@b.test>;(-|-|open <a@b.test>|MISSING_DOMAIN)",
                "Ann <a@b.test> junk, c@d.test;(Ann|-|a|b.test) (-|-|c|d.test)",
            })
    void addressLists(String list, String shown) {
        assertThat(shown(list)).isEqualTo(shown);
    }

    @Test
    void addressListsNeverFail() {
        SplittableRandom random = new SplittableRandom(3);
        String alphabet = "ab ,:;<>@\"\\()[].\u00e9";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder list = new StringBuilder();
            for (int j = random.nextInt(30); j > 0; j--) {
                list.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int depth = 0;
            for (Envelope.Mailbox one : AddressList.parse(list.toString(), 100)) {
                // a host is missing in group marks only (RFC 9051 7.5.2)
                assertThat(one.host().isEmpty() && one.name().isPresent()).isFalse();
                depth += one.host().isPresent() ? 0 : one.mailbox().isPresent() ? 1 : -1;
            }
            assertThat(depth).as("group ends of %s", list).isNotNegative();
            assertThat(AddressList.parse(list.toString(), 2).size()).isLessThanOrEqualTo(2);
        }
        assertThat(AddressList.parse("(".repeat(1_000_000), 10)).isEmpty();
        assertThat(AddressList.parse("<".repeat(1_000_000), 10)).hasSizeLessThanOrEqualTo(10);
    }

    private static HeaderBlock header(String text) {
        try {
            return HeaderBlock.of(
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                    OutlineLimits.STANDARD);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void headerRangesJoinToTheHeader() {
        String text =
                "From: a@b.test\r\nSubject : one\r\n\ttwo\r\n three\r\nno colon\r\nX:\r\n\r\nbody: no\r\n";
        HeaderBlock block = header(text);
        StringBuilder joined = new StringBuilder();
        for (HeaderField field : block.fields()) {
            joined.append(text, (int) field.start(), (int) field.end());
            assertThat(new String(block.raw(field), StandardCharsets.UTF_8))
                    .isEqualTo(text.substring((int) field.start(), (int) field.end()));
        }
        assertThat(joined + "\r\n").isEqualTo(text.substring(0, (int) block.end()));
        assertThat(block.fields().stream().map(HeaderField::name))
                .containsExactly("From", "Subject", "", "X");
        assertThat(block.first("subject")).contains("one\ttwo three");
        assertThat(block.first("x")).contains("");
        assertThat(block.first("body")).isEmpty();
        assertThat(block.count("FROM")).isEqualTo(1);
        assertThat(block.truncated()).isFalse();
    }

    @Test
    @Claim("ATK-34")
    void headersBeyondTheLimitsAreCut() {
        HeaderBlock many = header("A: b\r\n".repeat(5_000) + "\r\nbody");
        assertThat(many.fields()).hasSize(1_000);
        assertThat(many.fields().getLast().end()).isEqualTo(6_000);
        assertThat(many.end()).isEqualTo(30_002);
        assertThat(many.truncated()).isTrue();
        HeaderBlock wide = header("A: " + "x".repeat(1_000_000) + "\r\nB: c\r\n\r\n");
        assertThat(wide.fields()).hasSize(2);
        assertThat(wide.fields().getFirst().end()).isEqualTo(1_000_005);
        assertThat(wide.first("A").orElseThrow().length()).isLessThan(256 * 1024);
        assertThat(wide.truncated()).isTrue();
        assertThat(header("A: b\r\n".repeat(1_000) + "\r\n").truncated()).isFalse();
    }

    @ParameterizedTest
    @Claim("ATK-39")
    @CsvSource({
        "plain, plain",
        "=?utf-8?q?caf=C3=A9_x?=, caf\u00e9 x",
        "=?UTF-8?B?Y2Fmw6k=?=, caf\u00e9",
        "=?iso-8859-1*de?Q?gr=FC=DFe?= and more, gr\u00fc\u00dfe and more",
        "=?utf-8?q?a?= =?utf-8?q?b?= c, ab c",
        "=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=, caf\u00e9",
        "=?utf-8?q?a?=  =?iso-8859-1?q?=E9?=, a\u00e9",
        "=?utf-8?q?a?= x =?utf-8?q?b?=, a x b",
        "=?utf-8?q?X=0D=0ABcc:_y?=, X\ufffd\ufffdBcc: y",
        "=?utf-8?q?=00=1B[2J?=, \ufffd\ufffd[2J",
        "=?utf-8?q?=E2=80=A8?=, \ufffd",
        "=?utf-8?q?=C0=AF?=, \ufffd\ufffd",
        "=?utf-7?q?+ADw-script?=, +ADw-script",
        "=?unknown?q?=E9a?=, \ufffda",
        "=?utf-8?x?a?=, =?utf-8?x?a?=",
        "=?utf-8?q?unclosed, =?utf-8?q?unclosed",
        "=?utf-8?b?!!!!?=x, x",
        "=?=?utf-8?q?a?=, =?a",
        "=??q?a?=, =??q?a?=",
        "=?utf-8?q?=ZZ=4?=, =ZZ=4",
    })
    void encodedWords(String given, String clear) {
        assertThat(EncodedWords.decode(given)).isEqualTo(clear);
    }

    @Test
    @Claim("ATK-39")
    void encodedWordsOfAnyBytesYieldNoControls() {
        SplittableRandom random = new SplittableRandom(5);
        List<String> charsets =
                List.of(
                        "utf-8",
                        "iso-2022-jp",
                        "utf-16",
                        "gb18030",
                        "x-nothing",
                        "utf-7",
                        "us-ascii");
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            String word =
                    "=?"
                            + charsets.get(i % charsets.size())
                            + "?B?"
                            + Base64.getEncoder().encodeToString(bytes)
                            + "?=";
            assertThat(
                            EncodedWords.decode(word + " \r\n " + word)
                                    .chars()
                                    .noneMatch(Character::isISOControl))
                    .isTrue();
        }
        assertThat(EncodedWords.decode("=?a?q?".repeat(200_000)).length()).isEqualTo(1_200_000);
        assertThat(EncodedWords.decode("a\u0007 =?utf-8?q?b?= \r\nc\u2028"))
                .isEqualTo("a\ufffd b \ufffd\ufffdc\ufffd");
        String overlong = "=?" + "x".repeat(62) + "?q?a?=";
        assertThat(EncodedWords.decode(overlong)).isEqualTo(overlong);
    }

    private static byte[] decoded(String text, String encoding) {
        try (InputStream in =
                TransferDecoder.decode(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)),
                        encoding)) {
            return in.readAllBytes();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void transferEncodings() {
        assertThat(decoded("YWJj\r\n*ZGU=\r\n", "Base64")).asString().isEqualTo("abcde");
        assertThat(decoded("YWJjZ", "base64")).asString().startsWith("abc");
        assertThat(decoded("a=3Db=\r\nc \t\r\nd=", "quoted-printable"))
                .asString()
                .isEqualTo("a=bc\r\nd");
        assertThat(decoded("a= \t\r\nb=zz=4", "quoted-printable")).asString().isEqualTo("ab=zz=4");
        assertThat(decoded("x y  ", "quoted-printable")).asString().isEqualTo("x y");
        assertThat(decoded("=41", "8bit")).asString().isEqualTo("=41");
        assertThat(decoded(" ".repeat(5_000) + "x", "quoted-printable")).hasSize(5_001);
        assertThat(TransferDecoder.known("x-uuencode")).isFalse();
        assertThat(TransferDecoder.known("Quoted-Printable")).isTrue();
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) "= \t\r\nA4z\u00e9/+".charAt(random.nextInt(11));
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(decoded(text, "quoted-printable").length)
                    .isLessThanOrEqualTo(bytes.length + 1);
            assertThat(decoded(text, "base64").length).isLessThanOrEqualTo(bytes.length);
        }
    }

    @Test
    @Claim("ATK-39")
    void charsetsNeverFail() throws IOException {
        byte[] bytes = {'a', (byte) 0xc3, (byte) 0xa9, (byte) 0xff, 'z'};
        assertThat(Charsets.decode(bytes, "utf-8")).isEqualTo("a\u00e9\ufffdz");
        assertThat(Charsets.decode(bytes, "us-ascii")).isEqualTo("a\u00e9\ufffdz");
        assertThat(Charsets.decode(bytes, "no such")).isEqualTo("a\ufffd\ufffd\ufffdz");
        assertThat(Charsets.decode(bytes, "")).isEqualTo("a\ufffd\ufffd\ufffdz");
        assertThat(Charsets.reader(new ByteArrayInputStream(bytes), "windows-1252").read())
                .isEqualTo('a');
        assertThat(Charsets.known("utf-7")).isEmpty();
        assertThat(Charsets.decode(new byte[5_000], "utf-8")).hasSize(5_000);
    }
}
