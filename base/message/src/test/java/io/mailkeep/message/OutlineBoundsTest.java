package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.mailkeep.kernel.Claim;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Limits of taking a message apart: each holds at its last value, and one more is one too many. */
@Claim({"ATK-33", "ATK-34"})
class OutlineBoundsTest {
    private static Outline outline(String message, int depth, int parts) {
        byte[] bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try {
            return Outline.of(
                    new ByteArrayInputStream(bytes),
                    new OutlineLimits(depth, parts, 256 * 1024, 100));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Outline outline(String message) {
        return outline(message, 10, 10);
    }

    @Test
    void multipartsNestAsDeepAsTheLimit() {
        String nested =
                """
                Content-Type: multipart/mixed; boundary=out

                --out
                Content-Type: multipart/mixed; boundary=in

                --in

                x
                --in--
                --out--
                """;
        assertThat(outline(nested, 3, 10).opaque()).isFalse();
        assertThat(outline(nested, 2, 10).opaque()).isTrue();
    }

    @Test
    void messagesNestAsDeepAsTheLimit() {
        String held = "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n\nx\n";
        assertThat(outline(held, 3, 10).opaque()).isFalse();
        assertThat(outline(held, 2, 10).opaque()).isTrue();
    }

    @Test
    void partsAreAsManyAsTheLimitWithTheWhole() {
        String two = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\n\ny\n--b--\n";
        assertThat(outline(two, 10, 3).opaque()).isFalse();
        assertThat(outline(two, 10, 2).opaque()).isTrue();
    }

    @Test
    void whatIsShownWholeHasNoPreviewAndIsNotDecoded() {
        Outline whole =
                outline(
                        """
                        Content-Type: multipart/mixed; boundary=b
                        Content-Transfer-Encoding: base64

                        --b

                        seen before the limit was
                        --b

                        y
                        --b--
                        """,
                        10,
                        2);
        assertThat(whole.opaque()).isTrue();
        assertThat(whole.preview()).isEmpty();
        assertThat(whole.root().encoding()).isEqualTo("7bit");
    }

    @Test
    void addressesAreFewInAllMessagesTogether() {
        String to = "To: " + "a@b.test,".repeat(3_000) + "\n";
        Outline held = outline(to + "Content-Type: message/rfc822\n\n" + to + "\nx\n");
        assertThat(held.envelope().to()).hasSize(3_000);
        assertThat(held.root().message().orElseThrow().envelope().to()).hasSize(2_000);
    }

    @Test
    void addressesAreFewInAllFieldsTogether() {
        String list = "a@b.test,".repeat(3_000);
        Envelope envelope = outline("To: " + list + "\nCc: " + list + "\n\nx\n").envelope();
        assertThat(envelope.to()).hasSize(3_000);
        assertThat(envelope.cc()).hasSize(2_000);
        envelope = outline("To: " + list + "\nTo: " + list + "\n\nx\n").envelope();
        assertThat(envelope.to()).hasSize(5_000);
    }

    @Test
    void parametersAndLanguagesAreFew() {
        StringBuilder header = new StringBuilder("Content-Type: application/x");
        for (int i = 0; i < 200; i++) {
            header.append("; p").append(i).append("=v");
        }
        header.append("\nContent-Language: de").append(", en".repeat(100)).append("\n\nx\n");
        Part root = outline(header.toString()).root();
        assertThat(root.parameters()).hasSize(128);
        assertThat(root.languages()).hasSize(32);
        String languages = "Content-Language: de" + ", en".repeat(32) + "\n\nx\n";
        assertThat(outline(languages).root().languages()).hasSize(32);
    }

    @Test
    void theFirstOfTwoParametersOfOneNameCounts() {
        Part root =
                outline("Content-Type: application/x; a=1; A=2; b*1=y; b*0=x; b*0=z\n\nx\n").root();
        assertThat(root.parameters()).containsEntry("a", "1").containsEntry("b", "xy").hasSize(2);
    }

    @Test
    void anEncodingThatIsNoTokenIsNone() {
        assertThat(outline("Content-Transfer-Encoding: base 64\n\nx\n").root().encoding())
                .isEqualTo("7bit");
    }

    @Test
    void aBoundaryOf256BytesCountsAndALongerOneDoesNot() {
        for (int length : List.of(256, 257)) {
            String boundary = "b".repeat(length);
            String message =
                    "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary;
            assertThat(outline(message + "\n\nx\n").root().isMultipart()).isEqualTo(length == 256);
        }
    }

    private static Part nested(String outer, String inner, String line) {
        return outline(
                        """
                        Content-Type: multipart/mixed; boundary=%s

                        --%s
                        Content-Type: multipart/mixed; boundary=%s

                        --%s

                        x
                        %s

                        y
                        """
                                .formatted(outer, outer, inner, inner, line))
                .root();
    }

    /** RFC 2046 5.1.2: a boundary may begin as another does. */
    @Test
    void ofTwoBoundariesTheLongerCountsAndOfEqualOnesTheInner() {
        assertThat(nested("b1", "b", "--b1").children()).hasSize(2);
        assertThat(nested("b", "b1", "--b1").children().getFirst().children()).hasSize(2);
        assertThat(nested("b", "b", "--b").children().getFirst().children()).hasSize(2);
    }

    @Test
    void aClosedMultipartHasNoMoreParts() {
        Part root =
                outline(
                                """
                                Content-Type: multipart/mixed; boundary=b

                                --b

                                x
                                --b--
                                --b

                                no part
                                """)
                        .root();
        assertThat(root.children()).hasSize(1);
    }

    /** A long text, the same line over and over. */
    private static final class Text extends InputStream {
        private static final byte[] LINE =
                "0123456789abcdefghijklm\n".getBytes(StandardCharsets.US_ASCII);
        private final int length;
        private int at;

        Text(int length) {
            this.length = length;
        }

        @Override
        public int read() {
            return at == length ? -1 : at < 2 ? '\n' : LINE[at % LINE.length];
        }

        @Override
        public int read(byte[] into, int offset, int count) {
            int n = Math.min(count, length - at);
            for (int i = 0; i < n; i++, at++) {
                into[offset + i] = (byte) read();
            }
            return n == 0 ? -1 : n;
        }
    }

    @Test
    @Claim({"ATK-33", "NET-2"})
    void aLargeBodyIsNotHeld() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Outline outline = Outline.of(new Text(20_000_000), OutlineLimits.STANDARD);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(5_000_000);
        assertThat(outline.preview()).hasSize(200);
    }

    @Test
    @Claim("ATK-39")
    void previewsHaveNoControlsAndNoHalfCharacters() {
        assertThat(outline("\na\u0001b\u001b[2Jc\u202ed\u200be\u2028f\u007fg\n").preview())
                .isEqualTo("ab[2Jcde fg");
        assertThat(outline("\nx" + "\ud83d\ude00".repeat(200) + "\n").preview())
                .isEqualTo("x" + "\ud83d\ude00".repeat(99));
    }

    @Test
    void previewsOfHtmlShowNeitherStyleNorScriptNorComment() {
        assertThat(
                        outline(
                                        """
                                        Content-Type: text/html

                                        <title>no</title><style>a > b {}</style><SCRIPT>1 < 2</SCRIPT>
                                        <!-- no > comment --><styled>yes</styled>
                                        """)
                                .preview())
                .isEqualTo("yes");
    }

    private static void refused(byte... stored) {
        assertThatThrownBy(() -> Outline.decode(stored))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void storedFormsOfAnotherVersionOrLengthAreRefused() {
        byte[] stored = outline("Subject: x\n\nbody\n").encode();
        byte[] other = stored.clone();
        for (byte version : new byte[] {0, 2}) {
            other[0] = version;
            refused(other);
        }
        refused(java.util.Arrays.copyOf(stored, stored.length + 1));
        // the size in ten bytes; a text and a list that would be longer than all there is
        byte[] overlong = new byte[stored.length + 9];
        System.arraycopy(stored, 2, overlong, 11, stored.length - 2);
        java.util.Arrays.fill(overlong, 2, 10, (byte) 0x80);
        overlong[0] = 1;
        overlong[1] = (byte) (stored[1] | 0x80);
        refused(overlong);
        refused(new byte[] {1, 0, 0, -1, -1, -1, -1, 7});
        refused(new byte[] {1, 0, 0, 0, 0, 0, -1, -1, -1, -1, 7});
    }

    @Test
    void storedFormsThatNestTooDeepAreRefused() {
        Part leaf = outline("\nx\n").root();
        assertThat(Outline.decode(nestedParts(leaf, 128)).root().children()).hasSize(1);
        byte[] deep = nestedParts(leaf, 129);
        assertThatThrownBy(() -> Outline.decode(deep))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deep");
    }

    private static byte[] nestedParts(Part leaf, int depth) {
        Part part = leaf;
        for (int i = 0; i < depth; i++) {
            part =
                    new Part(
                            "multipart",
                            "mixed",
                            leaf.parameters(),
                            Optional.empty(),
                            Optional.empty(),
                            "7bit",
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            Optional.empty(),
                            0,
                            0,
                            0,
                            0,
                            List.of(part),
                            Optional.empty());
        }
        return new Outline(Envelope.none(), part, "", 0, false).encode();
    }
}
