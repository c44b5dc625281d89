package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Randomness;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file's bytes twice: as readers see them, and as the medium holds them. */
final class SimFile {
    /** A write, or a truncation if {@code bytes} is empty and {@code truncation} is set. */
    private record Change(long position, byte[] bytes, boolean truncation) {}

    private final Image seen = new Image();
    private final Image medium = new Image();
    private final List<Change> dirty = new ArrayList<>();

    long length() {
        return seen.length;
    }

    byte[] bytes() {
        return Arrays.copyOf(seen.bytes, seen.length);
    }

    int read(long position, ByteBuffer into) {
        int count = (int) Math.max(0, Math.min(into.remaining(), seen.length - position));
        if (count > 0) {
            into.put(seen.bytes, (int) position, count);
        }
        return count;
    }

    void write(long position, byte[] bytes) {
        seen.write((int) position, bytes, 0, bytes.length);
        dirty.add(new Change(position, bytes, false));
    }

    void truncate(long length) {
        if (length < seen.length) {
            seen.truncate((int) length);
            dirty.add(new Change(length, new byte[0], true));
        }
    }

    /** What fsync does. */
    void sync() {
        dirty.forEach(this::settle);
        dirty.clear();
    }

    /** What a failed write-back does: the pages count as clean, the medium has nothing of them. */
    void forgetDirty() {
        dirty.clear();
    }

    /** What a power cut does to bytes that weren't synced. */
    void lose(Randomness randomness, int sector) {
        int mood = randomness.below(4);
        int longest = medium.length;
        for (Change change : dirty) {
            longest = Math.max(longest, (int) change.position() + change.bytes().length);
            switch (mood) {
                case 0 -> {}
                case 1 -> settle(change);
                default -> tear(change, randomness, sector, mood);
            }
        }
        if (!dirty.isEmpty() && randomness.below(3) == 0) {
            // The length was written, the bytes weren't: the file ends in zeros, or in what lay
            // there before.
            int missing = Math.max(0, longest - medium.length);
            byte[] there = randomness.below(3) == 0 ? randomness.bytes(missing) : new byte[missing];
            medium.write(medium.length, there, 0, missing);
        }
        dirty.clear();
        seen.become(medium);
    }

    private void settle(Change change) {
        if (change.truncation()) {
            medium.truncate((int) change.position());
        } else {
            medium.write((int) change.position(), change.bytes(), 0, change.bytes().length);
        }
    }

    private void tear(Change change, Randomness randomness, int sector, int mood) {
        if (change.truncation()) {
            if (randomness.below(2) == 0) {
                settle(change);
            }
            return;
        }
        int at = 0;
        while (at < change.bytes().length) {
            long position = change.position() + at;
            int end = (int) Math.min(change.bytes().length, at + sector - position % sector);
            if (randomness.below(mood == 2 ? 2 : 8) != 0) {
                medium.write((int) position, change.bytes(), at, end - at);
            }
            at = end;
        }
    }

    private static final class Image {
        private byte[] bytes = new byte[0];
        private int length;

        void write(int position, byte[] from, int offset, int count) {
            int end = position + count;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            System.arraycopy(from, offset, bytes, position, count);
            length = count == 0 ? length : Math.max(length, end);
        }

        void truncate(int to) {
            if (to < length) {
                Arrays.fill(bytes, to, length, (byte) 0);
                length = to;
            }
        }

        void become(Image other) {
            bytes = other.bytes.clone();
            length = other.length;
        }
    }
}
