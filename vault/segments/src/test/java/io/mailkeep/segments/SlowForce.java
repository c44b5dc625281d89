package io.mailkeep.segments;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A disk on which syncing a file of class sensitive waits until a latch opens. */
record SlowForce(Disk disk, CountDownLatch latch) implements Disk {
    @Override
    public DiskFile create(Path file) throws IOException {
        DiskFile made = disk.create(file);
        return file.toString().contains("sensitive") ? new Slow(made, latch) : made;
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public void cut(Path file, long length) throws IOException {
        disk.cut(file, length);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        disk.createFolder(folder);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        disk.forceFolder(folder);
    }

    @Override
    public Space space(Path path) throws IOException {
        return disk.space(path);
    }

    private record Slow(DiskFile file, CountDownLatch latch) implements DiskFile {
        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            return file.read(position, into);
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            file.write(position, from);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long length) throws IOException {
            file.truncate(length);
        }

        @Override
        public void force() throws IOException {
            try {
                latch.await();
            } catch (InterruptedException told) {
                throw new IOException("somebody interrupted the writer", told);
            }
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
