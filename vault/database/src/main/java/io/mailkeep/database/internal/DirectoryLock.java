package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** At most one process works on a PostgreSQL directory; the lock ends with the process. */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, making the directory if absent; refuses, naming the holder. */
    public static DirectoryLock take(Path directory) {
        Path file = directory.resolve("lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw held(file);
            }
            byte[] pid =
                    Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            return new DirectoryLock(channel);
        } catch (OverlappingFileLockException e) {
            // Not closed: closing any descriptor of the file would drop this process' own lock.
            throw held(file);
        } catch (IOException e) {
            throw new DatabaseRefused("Can't write to " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock can't be closed", e);
        }
    }

    private static DatabaseRefused held(Path file) {
        String holder;
        try {
            holder = "process " + Files.readString(file).strip();
        } catch (IOException e) {
            holder = "another process";
        }
        return new DatabaseRefused(
                "The database in "
                        + file.getParent()
                        + " is in use by "
                        + holder
                        + ": stop that one first");
    }
}
