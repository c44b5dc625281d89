package io.mailkeep.segments;

import io.mailkeep.kernel.Unavailable;
import io.mailkeep.segments.internal.SpoolFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Collects one body. Either {@link #finish} is called and its result closed, or {@link #close}:
 * then nothing of it is left. For one thread.
 */
public final class SpoolWriter extends OutputStream {
    private final Spool spool;
    private final int most;
    private Optional<SpoolFile> file = Optional.empty();
    private byte[] buffer = new byte[0];
    private int used;
    private long size;
    private boolean over;

    SpoolWriter(Spool spool, int most) {
        this.spool = spool;
        this.most = Math.max(most, SpoolFile.CHUNK);
    }

    /**
     * @throws Unavailable (452) when the spool is full; the writer is to be closed then
     */
    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    /**
     * @throws Unavailable (452) when the spool is full; the writer is to be closed then
     */
    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (over) {
            throw new IllegalStateException("the body is finished");
        }
        int at = offset;
        int left = length;
        while (left > 0) {
            if (used == buffer.length) {
                makeRoom(left);
            }
            int count = Math.min(left, buffer.length - used);
            System.arraycopy(bytes, at, buffer, used, count);
            used += count;
            at += count;
            left -= count;
        }
        size += length;
    }

    /** Bytes written so far. */
    public long size() {
        return size;
    }

    /** The body, complete; its owner closes it. Nothing can be written any more. */
    public Clear finish() {
        if (over) {
            throw new IllegalStateException("the body is finished");
        }
        if (file.isEmpty()) {
            over = true;
            return new InMemory(spool, buffer, used);
        }
        spill(true);
        over = true;
        release();
        return new InFile(spool, file.get());
    }

    /** Throws away what was written, unless {@link #finish} was called. */
    @Override
    public void close() {
        if (!over) {
            over = true;
            release();
            file.ifPresent(one -> drop(spool, one));
        }
    }

    /** Makes room for at least one byte more: a longer buffer, or an emptier one. */
    private void makeRoom(int wanted) {
        int longer =
                Math.min(
                        most,
                        Math.max(Math.max(1024, buffer.length * 2), (int) roundUp(used, wanted)));
        if (file.isEmpty() && longer > buffer.length) {
            if (spool.takeMemory(longer - buffer.length)) {
                grow(longer);
                return;
            }
        }
        if (used < SpoolFile.CHUNK) {
            // Memory is short: this much each body has in any case.
            takeAtLeastOneChunk();
            return;
        }
        spill(false);
    }

    private static long roundUp(int used, int wanted) {
        return Math.min(1 << 30, ((long) used + wanted + 1023) / 1024 * 1024);
    }

    private void takeAtLeastOneChunk() {
        spool.forceMemory(SpoolFile.CHUNK - buffer.length);
        grow(SpoolFile.CHUNK);
    }

    /** Makes the buffer longer by memory that was taken from the spool. */
    private void grow(int longer) {
        byte[] grown;
        try {
            grown = Arrays.copyOf(buffer, longer);
        } catch (OutOfMemoryError none) {
            spool.giveMemory(longer - buffer.length);
            throw none;
        }
        Arrays.fill(buffer, (byte) 0);
        buffer = grown;
    }

    /** Moves full chunks to the file; all that is left too, as the last chunk, at the end. */
    private void spill(boolean last) {
        try {
            if (file.isEmpty()) {
                file = Optional.of(spool.file());
            }
            SpoolFile target = file.get();
            byte[] chunk = new byte[SpoolFile.CHUNK];
            int from = 0;
            while (used - from >= SpoolFile.CHUNK || last) {
                int count = Math.min(SpoolFile.CHUNK, used - from);
                boolean end = last && from + count == used;
                System.arraycopy(buffer, from, chunk, 0, count);
                spool.takeFile(count);
                try {
                    target.write(chunk, count, end);
                } catch (IOException | RuntimeException | OutOfMemoryError failure) {
                    spool.giveFile(count);
                    throw failure;
                }
                from += count;
                if (end) {
                    break;
                }
            }
            System.arraycopy(buffer, from, buffer, 0, used - from);
            used -= from;
            Arrays.fill(chunk, (byte) 0);
        } catch (IOException failure) {
            throw Spool.unavailable(failure);
        }
        shrink();
    }

    /** With a file one chunk in memory is enough. */
    private void shrink() {
        if (buffer.length > SpoolFile.CHUNK && used <= SpoolFile.CHUNK) {
            spool.giveMemory(buffer.length - SpoolFile.CHUNK);
            byte[] shorter = Arrays.copyOf(buffer, SpoolFile.CHUNK);
            Arrays.fill(buffer, (byte) 0);
            buffer = shorter;
        }
    }

    private void release() {
        Arrays.fill(buffer, (byte) 0);
        spool.giveMemory(buffer.length);
        buffer = new byte[0];
        used = 0;
    }

    private static void drop(Spool spool, SpoolFile file) {
        try {
            file.close();
        } catch (IOException failure) {
            // It has no name and no key: nothing can be made of it.
        }
        spool.giveFile(file.size());
    }

    private static final class InMemory implements Clear {
        private final Spool spool;
        private final byte[] bytes;
        private final int length;
        private final AtomicBoolean closed = new AtomicBoolean();

        InMemory(Spool spool, byte[] bytes, int length) {
            this.spool = spool;
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        public long size() {
            return length;
        }

        @Override
        public InputStream open() throws IOException {
            if (closed.get()) {
                throw new IOException("the body was given back");
            }
            return new ByteArrayInputStream(bytes, 0, length);
        }

        @Override
        public void close() {
            // Not wiped: a writer that was given up on may still be reading it.
            if (closed.compareAndSet(false, true)) {
                spool.giveMemory(bytes.length);
            }
        }
    }

    private static final class InFile implements Clear {
        private final Spool spool;
        private final SpoolFile file;
        private final AtomicBoolean closed = new AtomicBoolean();

        InFile(Spool spool, SpoolFile file) {
            this.spool = spool;
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public InputStream open() throws IOException {
            if (closed.get()) {
                throw new IOException("the body was given back");
            }
            return file.open();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                drop(spool, file);
            }
        }
    }
}
