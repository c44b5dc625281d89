package io.mailkeep.node.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * At most one node runs on a data directory (FLT-20). The lock is the kernel's and ends with the
 * process; the file's text says who holds it.
 */
final class NodeLock implements AutoCloseable {
    private final FileChannel channel;

    private NodeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock; a {@link ConfigurationException} names the holder if another node has it. */
    static NodeLock take(Path directory, String holder) throws IOException {
        Path file = Files.createDirectories(directory.resolve("run")).resolve("node.lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            String other = Files.readString(file).strip();
            channel.close();
            throw new ConfigurationException(
                    "Another node runs on "
                            + directory
                            + ": "
                            + other
                            + ". Stop it with \"mailkeep stop --data "
                            + directory
                            + "\", or use another data directory.");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return new NodeLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
