package io.mailkeep.audit;

import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The key device's memory of the last checkpoint, written as room keys writes it. */
final class SimKept implements RememberedCheckpoint {
    static final Path FOLDER = Path.of("/keys");
    private static final Path FILE = FOLDER.resolve("audit-checkpoint.value");
    private static final Path BESIDE = FOLDER.resolve("audit-checkpoint.value.new");

    private final Disk disk;

    SimKept(Disk disk) {
        this.disk = disk;
    }

    @Override
    public Optional<String> read() {
        try (DiskFile file = disk.open(FILE)) {
            byte[] bytes = new byte[(int) file.size()];
            file.read(0, ByteBuffer.wrap(bytes));
            int length = Math.max(0, bytes.length - Merkle.HASH_BYTES);
            byte[] text = Arrays.copyOf(bytes, length);
            boolean whole =
                    Arrays.equals(
                            Merkle.sha256(text), Arrays.copyOfRange(bytes, length, bytes.length));
            return whole ? Optional.of(new String(text, StandardCharsets.UTF_8)) : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void write(String checkpoint) {
        byte[] text = checkpoint.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(text, text.length + Merkle.HASH_BYTES);
        System.arraycopy(Merkle.sha256(text), 0, whole, text.length, Merkle.HASH_BYTES);
        try {
            if (disk.exists(BESIDE)) {
                disk.delete(BESIDE);
            }
            try (DiskFile file = disk.create(BESIDE)) {
                file.write(0, ByteBuffer.wrap(whole));
                file.force();
            }
            disk.rename(BESIDE, FILE);
            disk.forceFolder(FOLDER);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
