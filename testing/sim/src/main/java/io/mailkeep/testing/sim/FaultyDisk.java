package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.testing.sim.Faults.Op;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Another disk, most often the machine's, on which operations fail or hang as a test says. */
public record FaultyDisk(Disk disk, Faults faults) implements Disk {
    @Override
    public DiskFile create(Path file) throws IOException {
        faults.before(Op.CREATE, file);
        return new Faulty(disk.create(file), file, faults);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        faults.before(Op.OPEN, file);
        return new Faulty(disk.open(file), file, faults);
    }

    @Override
    public void cut(Path file, long length) throws IOException {
        faults.before(Op.TRUNCATE, file);
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
        faults.before(Op.CREATE, folder);
        disk.createFolder(folder);
    }

    @Override
    public void delete(Path path) throws IOException {
        faults.before(Op.DELETE, path);
        disk.delete(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        faults.before(Op.RENAME, from);
        disk.rename(from, to);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        faults.before(Op.FORCE_FOLDER, folder);
        disk.forceFolder(folder);
    }

    @Override
    public Optional<Closeable> lock(Path file) throws IOException {
        return disk.lock(file);
    }

    @Override
    public Space space(Path path) throws IOException {
        return disk.space(path);
    }

    private record Faulty(DiskFile file, Path path, Faults faults) implements DiskFile {
        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            faults.before(Op.READ, path);
            return file.read(position, into);
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            faults.before(Op.WRITE, path);
            file.write(position, from);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long length) throws IOException {
            faults.before(Op.TRUNCATE, path);
            file.truncate(length);
        }

        @Override
        public void force() throws IOException {
            faults.before(Op.FORCE, path);
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
