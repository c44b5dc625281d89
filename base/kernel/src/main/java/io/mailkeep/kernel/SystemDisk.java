package io.mailkeep.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine's disk. Files belong to their owner alone.
 *
 * <p>An interrupted thread closes the channel that it is using: no writer thread is ever
 * interrupted, and each reader has a file of its own.
 */
enum SystemDisk implements Disk {
    INSTANCE;

    @Override
    public DiskFile create(Path file) throws IOException {
        return new Open(
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------"))));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new Open(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(Path::getFileName).map(Path::toString).sorted().toList();
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<Closeable> lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        boolean held = false;
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException ownProcess) {
            // Taken by this process already.
        } finally {
            if (!held) {
                channel.close();
            }
        }
        return held ? Optional.of(channel) : Optional.empty();
    }

    @Override
    public Space space(Path path) {
        return new Space(path.toFile().getTotalSpace(), path.toFile().getUsableSpace());
    }

    private static final class Open implements DiskFile {
        private final FileChannel channel;

        Open(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            int total = 0;
            while (into.hasRemaining()) {
                int count = channel.read(into, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                int count = channel.write(from, at);
                if (count <= 0) {
                    throw new IOException("the disk took no byte");
                }
                at += count;
            }
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
