package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Taking a message apart: never fails, stays within the limits, names places inside the message
 * alone, and is stored and read again the same.
 */
@Claim({"ATK-16", "ATK-33", "ATK-34", "ATK-39"})
class OutlineFuzzTest implements FuzzTarget {
    private static final OutlineLimits LIMITS = new OutlineLimits(6, 20, 4_096, 30);

    private int parts;

    @Override
    public void one(byte[] input) throws IOException {
        stored(input);
        Outline outline = Outline.of(new ByteArrayInputStream(input), LIMITS);
        assertThat(outline.size()).isEqualTo(input.length);
        assertThat(outline.preview().length()).isLessThanOrEqualTo(200);
        assertThat(outline.preview().codePoints())
                .noneMatch(c -> Character.isISOControl(c) || surrogate(c));
        parts = 0;
        look(outline.root(), 0, input.length, 0);
        assertThat(parts).isLessThanOrEqualTo(20);
        byte[] encoded = outline.encode();
        Outline again = Outline.decode(encoded);
        assertThat(again).isEqualTo(outline);
        assertThat(again.encode()).isEqualTo(encoded);
        InputStream slow = new OneByOne(new ByteArrayInputStream(input));
        assertThat(Outline.of(slow, LIMITS)).isEqualTo(outline);
    }

    private void look(Part part, long from, long to, int depth) throws IOException {
        parts++;
        assertThat(depth).isLessThanOrEqualTo(6);
        assertThat(part.headerStart()).isBetween(from, part.bodyStart());
        assertThat(part.bodyEnd()).isBetween(part.bodyStart(), to);
        assertThat(part.lines()).isBetween(-1L, part.size() + 1);
        long at = part.bodyStart();
        for (Part child : part.children()) {
            look(child, at, part.bodyEnd(), depth + 1);
            at = child.bodyEnd();
        }
        if (part.message().isPresent()) {
            look(part.message().get().root(), part.bodyStart(), part.bodyEnd(), depth + 1);
        }
    }

    /** The same bytes as a stored form: an outline or refused, nothing else. */
    private static void stored(byte[] input) {
        try {
            Outline outline = Outline.decode(input);
            assertThat(outline.encode()).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotNull();
        }
    }

    private static boolean surrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** What comes in an octet at a time is the same message. */
    private static final class OneByOne extends InputStream {
        private final InputStream from;

        OneByOne(InputStream from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            return from.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            byte[] one = new byte[1];
            int count = from.read(one, 0, Math.min(1, length));
            Arrays.fill(into, offset, offset + Math.max(0, count), one[0]);
            return count;
        }
    }
}
