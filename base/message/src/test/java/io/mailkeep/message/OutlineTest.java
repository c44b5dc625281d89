package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The structure of any message, whole or damaged: RFC 2046, RFC 2183, RFC 2231; previews by RFC
 * 8970.
 */
class OutlineTest {
    private static Outline outline(byte[] message) {
        try {
            return Outline.of(new ByteArrayInputStream(message), OutlineLimits.STANDARD);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Outline outline(String message) {
        return outline(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String range(String message, long from, long to) {
        byte[] bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return new String(bytes, (int) from, (int) (to - from), StandardCharsets.UTF_8);
    }

    @RepeatedTest(300)
    void rangesAreWhereTheGeneratorPutThem(RepetitionInfo repetition) {
        Generated generated =
                new Generated(new SplittableRandom(repetition.getCurrentRepetition()));
        Generated.Place place = generated.message(5);
        Outline outline = outline(generated.bytes());
        same(place, outline.root());
        assertThat(outline.size()).isEqualTo(generated.bytes().length);
        assertThat(outline.root().bodyEnd()).isEqualTo(outline.size());
        assertThat(Outline.decode(outline.encode())).isEqualTo(outline);
    }

    private static void same(Generated.Place place, Part part) {
        assertThat(part.type() + "/" + part.subtype()).isEqualTo(place.type());
        assertThat(List.of(part.headerStart(), part.bodyStart(), part.bodyEnd()))
                .isEqualTo(List.of(place.headerStart(), place.bodyStart(), place.bodyEnd()));
        List<Part> children =
                part.message().map(nested -> List.of(nested.root())).orElse(part.children());
        assertThat(children).hasSameSizeAs(place.children());
        for (int i = 0; i < children.size(); i++) {
            same(place.children().get(i), children.get(i));
        }
    }

    /** Header, then body; the children in order inside, nothing shared, nothing outside. */
    private static void wellFormed(Part part, long from, long to) {
        assertThat(part.headerStart()).isBetween(from, part.bodyStart());
        assertThat(part.bodyEnd()).isBetween(part.bodyStart(), to);
        assertThat(part.lines()).isBetween(0L, part.size());
        long at = part.bodyStart();
        for (Part child : part.children()) {
            wellFormed(child, at, part.bodyEnd());
            at = child.bodyEnd();
        }
        part.message()
                .ifPresent(nested -> {
                    assertThat(nested.root().headerStart()).isEqualTo(part.bodyStart());
                    assertThat(nested.root().bodyEnd()).isEqualTo(part.bodyEnd());
                    wellFormed(nested.root(), part.bodyStart(), part.bodyEnd());
                });
        assertThat(part.type().equals("multipart")).isEqualTo(!part.children().isEmpty());
    }

    @RepeatedTest(300)
    @Claim({"ATK-16", "ATK-33", "ATK-34"})
    void damagedMessagesAreStillOutlined(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(1_000L + repetition.getCurrentRepetition());
        Generated generated = new Generated(random);
        generated.message(6);
        byte[] bytes = generated.bytes();
        String[] spice = {
            "\n",
            "\r",
            "--b1",
            "--",
            ":",
            "\0",
            "\"",
            "(",
            "=?",
            ";",
            "\u00ff",
            "--b11--\r\n",
            "boundary="
        };
        for (int i = 0; i < 20; i++) {
            byte[] put = spice[random.nextInt(spice.length)].getBytes(StandardCharsets.ISO_8859_1);
            int at = random.nextInt(bytes.length);
            int cut = random.nextInt(Math.min(4, bytes.length - at));
            byte[] next = new byte[bytes.length + put.length - cut];
            System.arraycopy(bytes, 0, next, 0, at);
            System.arraycopy(put, 0, next, at, put.length);
            System.arraycopy(bytes, at + cut, next, at + put.length, bytes.length - at - cut);
            bytes = next;
        }
        Outline outline = outline(bytes);
        wellFormed(outline.root(), 0, bytes.length);
        assertThat(outline.root().bodyEnd()).isEqualTo(bytes.length);
        assertThat(outline.preview().length()).isLessThanOrEqualTo(200);
        assertThat(Outline.decode(outline.encode())).isEqualTo(outline);
    }

    @Test
    void cutOrEditedStoredFormsAreRefused() {
        byte[] stored = outline("Subject: x\nTo: a@b.test, g: c@d.test;\n\nbody\n").encode();
        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> Outline.decode(cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] edited = stored.clone();
            edited[random.nextInt(edited.length)] = (byte) random.nextInt();
            try {
                Outline.decode(edited);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("@");
            }
        }
    }

    @Test
    @Claim("ATK-33")
    void nestedTenThousandDeepIsShownWhole() {
        StringBuilder message = new StringBuilder("Subject: deep\n");
        for (int i = 0; i < 10_000; i++) {
            message.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append("\n");
        }
        opaque(outline(message.toString()), "deep");
        opaque(
                outline("Subject: deep\n" + "Content-Type: message/rfc822\n\n".repeat(10_000)),
                "deep");
    }

    private static void opaque(Outline outline, String subject) {
        assertThat(outline.opaque()).isTrue();
        assertThat(outline.envelope().subject()).contains(subject);
        assertThat(outline.root().type() + "/" + outline.root().subtype()).isEqualTo("text/plain");
        assertThat(outline.root().children()).isEmpty();
        assertThat(outline.root().message()).isEmpty();
        assertThat(outline.root().bodyEnd()).isEqualTo(outline.size());
        assertThat(outline.encode().length).isLessThan(1_000);
    }

    @Test
    @Claim("ATK-33")
    void hundredThousandPartsAreShownWhole() {
        opaque(
                outline(
                        "Subject: many\nContent-Type: multipart/mixed; boundary=b\n\n"
                                + "--b\n\nx\n".repeat(100_000)),
                "many");
    }

    @Test
    @Claim("ATK-33")
    void partsWithinTheNumberButWithHugeHeadersAreBounded() {
        String part =
                "--b\nContent-Type: text/plain"
                        + "; a=b".repeat(20_000)
                        + "\nContent-ID: "
                        + "x".repeat(60_000)
                        + "\n\nx\n";
        Outline outline =
                outline(
                        "Subject: wide\nContent-Type: multipart/mixed; boundary=b\n\n"
                                + part.repeat(200));
        opaque(outline, "wide");
    }

    @Test
    @Claim("ATK-34")
    void endlessHeadersHaveAnEnvelope() throws IOException {
        Outline many = outline("Subject: here\n" + "X-A: b\n".repeat(100_000) + "\nbody\n");
        assertThat(many.envelope().subject()).contains("here");
        assertThat(many.root().bodyStart()).isEqualTo(many.size() - 6);
        Outline folded = outline("Subject: here\n" + " x\n".repeat(100_000) + "\nbody\n");
        assertThat(folded.envelope().subject().orElseThrow())
                .startsWith("here x x")
                .hasSizeLessThan(256 * 1024);
        byte[] start = "Subject: ".getBytes(StandardCharsets.US_ASCII);
        try (InputStream huge = new Endless(start, 20_000_000)) {
            Outline outline = Outline.of(huge, OutlineLimits.STANDARD);
            assertThat(outline.size()).isEqualTo(20_000_000);
            assertThat(outline.root().bodyStart()).isEqualTo(20_000_000);
            assertThat(outline.encode().length).isLessThan(300_000);
        }
        String nameless =
                "no colon here\n: no name\n\u00e9\u00e8: eight bit\nSubject: yes\n\nbody\n";
        assertThat(outline(nameless).envelope().subject()).contains("yes");
        assertThat(outline("To: " + "a@b.test,".repeat(25_000) + "\n\n").envelope().to())
                .hasSize(5_000);
    }

    /** A line that goes on and on. */
    private static final class Endless extends InputStream {
        private final byte[] start;
        private final long length;
        private long at;

        Endless(byte[] start, long length) {
            this.start = start;
            this.length = length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] into, int offset, int count) {
            int n = (int) Math.min(count, length - at);
            for (int i = 0; i < n; i++, at++) {
                into[offset + i] = at < start.length ? start[(int) at] : (byte) 'x';
            }
            return n == 0 ? -1 : n;
        }
    }

    @Test
    @Claim("ATK-33")
    void costGrowsWithSizeNotWithNesting() {
        StringBuilder deep = new StringBuilder("Subject: x\n");
        for (int i = 0; i < 60; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=")
                    .append("a".repeat(240))
                    .append(i)
                    .append("\n\n--")
                    .append("a".repeat(240))
                    .append(i)
                    .append("\n");
        }
        String line = "--" + "a".repeat(250) + "\n";
        long flat = nanos("Subject: x\n\n" + line.repeat(60_000));
        long nested = nanos(deep + "\n" + line.repeat(60_000));
        // 15 MB; a scan a level would be 60 times
        assertThat(nested).isLessThan(20 * flat + 2_000_000_000L);
    }

    private static long nanos(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        outline(bytes);
        long start = io.mailkeep.kernel.Time.system().nanos();
        outline(bytes);
        return io.mailkeep.kernel.Time.system().nanos() - start;
    }

    @Test
    @Claim("ATK-33")
    void boundariesAsRfc2046Says() {
        String message =
                """
                Content-Type: multipart/mixed; boundary="a b\\"c"

                preamble
                --a b"c
                Content-Type: multipart/alternative; boundary=ab

                --ab \s
                Content-Type: text/plain

                one
                --abc is longer but begins with ab
                two

                --ab--
                inner epilogue
                --a b"c
                no closing, no header end
                --a b"c

                last\
                """;
        Outline outline = outline(message);
        assertThat(outline.root().children()).hasSize(3);
        Part alternative = outline.root().children().getFirst();
        assertThat(alternative.children()).hasSize(2);
        Part one = alternative.children().getFirst();
        assertThat(range(message, one.bodyStart(), one.bodyEnd())).isEqualTo("one");
        assertThat(one.lines()).isZero();
        Part bare = outline.root().children().get(1);
        assertThat(bare.size()).isZero();
        Part last = outline.root().children().get(2);
        assertThat(range(message, last.bodyStart(), last.bodyEnd())).isEqualTo("last");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/mixed\n\n--x\n\ny\n--x--\n",
                "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\ny\n",
                "Content-Type: multipart/mixed; boundary=never\n\nbody\n",
                "Content-Type: nonsense\n\nbody\n",
                "Content-Type: a/b/c\n\nbody\n",
                "Content-Type:\n\nbody\n",
                "Content-Type: text/\u00e9\n\nbody\n",
            })
    void whatIsNoTypeIsText(String message) {
        Part root = outline(message).root();
        assertThat(root.type() + "/" + root.subtype()).isEqualTo("text/plain");
        assertThat(root.parameters()).containsEntry("charset", "us-ascii");
    }

    @Test
    void boundaryOfAMegabyteHarmsNobody() {
        Outline outline =
                outline(
                        "Content-Type: multipart/mixed; boundary="
                                + "b".repeat(1_000_000)
                                + "\n\nbody\n");
        assertThat(outline.root().isMultipart()).isFalse();
    }

    @Test
    void digestsHoldMessages() {
        Outline outline =
                outline(
                        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n\nx\n--b--\n");
        Part held = outline.root().children().getFirst();
        assertThat(held.type() + "/" + held.subtype()).isEqualTo("message/rfc822");
        assertThat(held.message().orElseThrow().envelope().subject()).contains("inner");
        assertThat(held.message().orElseThrow().root().lines()).isZero();
    }

    @Test
    void fieldsAreShownAsSent() {
        Part part =
                outline(
                                """
                                Content-Type: Application/PDF; NAME="a\\"b; c.pdf" (comment);
                                 title*0*=utf-8''%e2%82; title*1=rest; x*1=b; x*0=a
                                Content-Transfer-Encoding: BASE64 (what else)
                                Content-Disposition: Attachment; filename*=utf-8''%e2%82%ac.pdf; size=12
                                Content-Language: de, en-GB
                                Content-ID: <1@example.test>
                                Content-Description: =?utf-8?q?d?=
                                Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
                                Content-Location: http://example.test/a

                                AAAA
                                """)
                        .root();
        assertThat(part.type() + "/" + part.subtype()).isEqualTo("application/pdf");
        assertThat(part.parameters())
                .containsEntry("NAME", "a\"b; c.pdf")
                .containsEntry("title*", "utf-8''%e2%82rest")
                .containsEntry("x", "ab");
        assertThat(part.parameter("name")).contains("a\"b; c.pdf");
        assertThat(part.encoding()).isEqualTo("base64");
        assertThat(part.disposition().orElseThrow().type()).isEqualTo("attachment");
        assertThat(part.disposition().orElseThrow().parameters())
                .containsEntry("filename*", "utf-8''%e2%82%ac.pdf")
                .containsEntry("size", "12");
        assertThat(part.languages()).containsExactly("de", "en-GB");
        assertThat(part.id()).contains("<1@example.test>");
        assertThat(part.description()).contains("=?utf-8?q?d?=");
        assertThat(part.md5()).contains("Q2hlY2sgSW50ZWdyaXR5IQ==");
        assertThat(part.location()).contains("http://example.test/a");
        assertThat(part.lines()).isEqualTo(1);
    }

    @Test
    void envelopeDefaultsSenderAndReplyTo() {
        Envelope envelope =
                outline("From: Ann <ann@example.test>\nReply-To:\nSubject:\n\n").envelope();
        assertThat(envelope.sender()).isEqualTo(envelope.from()).hasSize(1);
        assertThat(envelope.replyTo()).isEqualTo(envelope.from());
        assertThat(envelope.subject()).contains("");
        assertThat(envelope.date()).isEmpty();
        assertThat(envelope.to()).isEmpty();
        Envelope own =
                outline("From: a@b.test\nSender: c@d.test\nReply-To: e@f.test\n\n").envelope();
        assertThat(own.sender().getFirst().mailbox()).contains("c");
        assertThat(own.replyTo().getFirst().mailbox()).contains("e");
        assertThat(own).hasToString("[envelope]");
    }

    @Test
    @Claim("ATK-16")
    void eightBitAndNulBecomeText() {
        byte[] latin = "Subject: caf\u00e9\0x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(outline(latin).envelope().subject()).contains("caf\u00e9\ufffdx");
        assertThat(outline("Subject: caf\u00e9\n\n").envelope().subject()).contains("caf\u00e9");
        assertThat(outline("Subject: a\rBcc: b\n\n").envelope().subject()).contains("a Bcc: b");
    }

    @Test
    void previews() {
        assertThat(outline("\nHello  there,\n\tworld\n").preview()).isEqualTo("Hello there, world");
        assertThat(outline("\n" + "ab ".repeat(200)).preview()).hasSize(200);
        assertThat(outline("\n" + "x".repeat(500)).preview()).hasSize(200);
        assertThat(outline("\n" + "\ud83d\ude00".repeat(200)).preview()).hasSize(200);
        String encoded =
                """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain
                Content-Disposition: attachment

                not this
                --b
                Content-Type: text/html; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                <head><style>p { color: red }</style></head><p class=3D"x">Caf=E9 &amp;=
                 more</p>\u202e
                --b--
                """;
        assertThat(outline(encoded).preview()).startsWith("Caf\u00e9 & more");
        String base64 =
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvMOf\nZQ0KDQo=\n";
        assertThat(outline(base64).preview()).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void emptyAndHeaderOnly() {
        assertThat(outline("").root().bodyEnd()).isZero();
        assertThat(outline("Subject: x").root().bodyStart()).isEqualTo(10);
        assertThat(outline("Subject: x").envelope().subject()).contains("x");
        assertThat(outline("\r").root().bodyStart()).isEqualTo(1);
        assertThat(outline("\n").root().bodyStart()).isEqualTo(2);
        assertThat(outline("Subject: x\n\nbody").root().message()).isEqualTo(Optional.empty());
    }
}
