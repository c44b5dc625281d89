package io.mailkeep.testing.sim;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.testing.sim.Faults.Op;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A disk in memory that forgets what nobody asked it to keep (FLT-08, FLT-10 to 17).
 *
 * <p>At {@link #powerCut} each unsynced write is kept, dropped or torn by itself, at 512 bytes or 4
 * KiB, in no order; a file may be longer than what was kept of it (zeros or garbage). Names of
 * files and folders that weren't forced come or go: those of one folder from the oldest on, those
 * of several in no order, or all from the oldest on as with a journal. A folder whose name is lost
 * is lost with all in it; a folder at the top is a mounted device, there for good. A failed {@link
 * DiskFile#force} forgets its dirty bytes as Linux does: the next one succeeds, and they are still
 * read until the power cut shows that they are gone.
 */
public final class SimDisk implements Disk {
    /** A name that comes or goes; of a folder, where there is no file. */
    private record NameChange(
            Path folder, Path name, Optional<SimFile> file, boolean present, int group) {}

    private final Map<Path, SimFile> names = new HashMap<>();
    private final Map<Path, SimFile> durableNames = new HashMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    private final Set<Path> folders = new HashSet<>();
    private final Set<Path> durableFolders = new HashSet<>();
    private final Set<Path> locks = new HashSet<>();
    private final Randomness randomness;
    private Faults faults = Faults.NONE;
    private long capacity = Long.MAX_VALUE;
    private boolean lying;
    private int life;
    private int group;

    public SimDisk(Randomness randomness) {
        this.randomness = randomness;
    }

    /** Fails operations from now on as this says. */
    public synchronized void faults(Faults injected) {
        faults = injected;
    }

    /** The bytes that all files together may have. */
    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /** The next force says that it succeeded and keeps nothing. */
    public synchronized void lieOnce() {
        lying = true;
    }

    /** The files there are, sorted. */
    public synchronized List<Path> files() {
        return List.copyOf(new TreeSet<>(names.keySet()));
    }

    /** Bytes of a file, as a reader sees them now. */
    public synchronized byte[] bytes(Path file) throws IOException {
        return found(file).bytes();
    }

    /** Changes stored bytes behind everybody's back, as rot and misdirected writes do. */
    public synchronized void overwrite(Path file, long position, byte[] bytes) throws IOException {
        SimFile found = found(file);
        found.write(position, bytes);
        found.sync();
    }

    /** Ends the process: open files and locks are gone, what was written is still to be read. */
    public synchronized void kill() {
        faults = Faults.NONE;
        locks.clear();
        life++;
    }

    /** Cuts the power and puts it back: open files are dead, what wasn't forced is as it may be. */
    public synchronized void powerCut() {
        kill();
        lying = false;
        if (randomness.below(2) == 0) {
            keepSome(unsynced);
        } else {
            Map<Path, List<NameChange>> byFolder = new java.util.TreeMap<>();
            unsynced.forEach(change ->
                    byFolder.computeIfAbsent(change.folder(), _ -> new ArrayList<>()).add(change));
            byFolder.values().forEach(this::keepSome);
        }
        unsynced.clear();
        durableFolders.removeIf(folder -> !reachable(folder));
        durableNames.keySet().removeIf(name -> !reachable(name));
        folders.clear();
        folders.addAll(durableFolders);
        names.clear();
        names.putAll(durableNames);
        int sector = randomness.below(2) == 0 ? 512 : 4096;
        files().forEach(name -> Objects.requireNonNull(names.get(name)).lose(randomness, sector));
    }

    /** Keeps the oldest of these changes, some or all. */
    private void keepSome(List<NameChange> changes) {
        int kept = changes.isEmpty() ? 0 : randomness.below(changes.size() + 1);
        // A rename is one step: both of its names change or neither.
        while (kept > 0
                && kept < changes.size()
                && changes.get(kept).group() == changes.get(kept - 1).group()) {
            kept++;
        }
        changes.subList(0, kept).forEach(this::keep);
    }

    private boolean reachable(Path path) {
        Path parent = path.getParent();
        return parent == null
                || mounted(path)
                || ((mounted(parent) || durableFolders.contains(parent)) && reachable(parent));
    }

    private static boolean mounted(Path folder) {
        return folder.getNameCount() <= 1;
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        faults.before(Op.CREATE, file);
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (!folders.contains(file.getParent())) {
            throw new NoSuchFileException(file.toString());
        }
        SimFile made = new SimFile();
        change(file, Optional.of(made), true, ++group);
        return new Handle(file, made);
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        faults.before(Op.OPEN, file);
        return new Handle(file, found(file));
    }

    @Override
    public synchronized void cut(Path file, long length) throws IOException {
        faults.before(Op.TRUNCATE, file);
        found(file).truncate(length);
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(path) || folders.contains(path);
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        if (!folders.contains(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        TreeSet<String> found = new TreeSet<>();
        for (Collection<Path> paths : List.of(names.keySet(), folders)) {
            for (Path path : paths) {
                if (folder.equals(path.getParent())) {
                    found.add(path.getFileName().toString());
                }
            }
        }
        return List.copyOf(found);
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        if (folders.contains(folder)) {
            return;
        }
        if (mounted(folder)) {
            for (Path one = folder; one != null; one = one.getParent()) {
                folders.add(one);
                durableFolders.add(one);
            }
            return;
        }
        createFolder(folderOf(folder));
        faults.before(Op.CREATE, folder);
        change(folder, Optional.empty(), true, ++group);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        faults.before(Op.DELETE, path);
        if (!folders.contains(path)) {
            change(path, Optional.of(found(path)), false, ++group);
        } else if (list(path).isEmpty()) {
            change(path, Optional.empty(), false, ++group);
        } else {
            throw new DirectoryNotEmptyException(path.toString());
        }
    }

    @Override
    public synchronized Optional<Closeable> lock(Path file) throws IOException {
        if (!locks.add(file)) {
            return Optional.empty();
        }
        int taken = life;
        return Optional.of(() -> unlock(file, taken));
    }

    private synchronized void unlock(Path file, int taken) {
        if (taken == life) {
            locks.remove(file);
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        faults.before(Op.RENAME, from);
        Optional<SimFile> moved = Optional.of(found(from));
        group++;
        change(to, moved, true, group);
        change(from, moved, false, group);
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        faults.before(Op.FORCE_FOLDER, folder);
        if (!folders.contains(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        for (NameChange change : unsynced) {
            if (change.folder().equals(folder)) {
                keep(change);
            }
        }
        unsynced.removeIf(change -> change.folder().equals(folder));
    }

    @Override
    public synchronized Space space(Path path) {
        if (capacity == Long.MAX_VALUE) {
            return new Space(1L << 40, 1L << 39);
        }
        return new Space(capacity, Math.max(0, capacity - used()));
    }

    private long used() {
        return names.values().stream().distinct().mapToLong(SimFile::length).sum();
    }

    private SimFile found(Path file) throws IOException {
        SimFile found = names.get(file);
        if (found == null) {
            throw new NoSuchFileException(file.toString());
        }
        return found;
    }

    private void change(Path name, Optional<SimFile> file, boolean present, int step) {
        NameChange change = new NameChange(folderOf(name), name, file, present, step);
        apply(change, names, folders);
        unsynced.add(change);
    }

    private static Path folderOf(Path name) {
        return Objects.requireNonNull(name.getParent());
    }

    private void keep(NameChange change) {
        apply(change, durableNames, durableFolders);
    }

    private static void apply(NameChange change, Map<Path, SimFile> files, Set<Path> folders) {
        if (change.file().isEmpty()) {
            if (change.present()) {
                folders.add(change.name());
            } else {
                folders.remove(change.name());
            }
        } else if (change.present()) {
            files.put(change.name(), change.file().get());
        } else {
            files.remove(change.name());
        }
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final SimFile file;
        private final int born = life;
        private boolean open = true;

        Handle(Path path, SimFile file) {
            this.path = path;
            this.file = file;
        }

        private void before(Op op) throws IOException {
            if (born != life || !open) {
                throw new IOException("the file is closed");
            }
            faults.before(op, path);
        }

        @Override
        public int read(long position, java.nio.ByteBuffer into) throws IOException {
            synchronized (SimDisk.this) {
                before(Op.READ);
                return file.read(position, into);
            }
        }

        @Override
        public void write(long position, java.nio.ByteBuffer from) throws IOException {
            synchronized (SimDisk.this) {
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                try {
                    before(Op.WRITE);
                    long grown = Math.max(0, position + bytes.length - file.length());
                    if (capacity != Long.MAX_VALUE && used() + grown > capacity) {
                        throw new IOException("No space left on device");
                    }
                } catch (IOException failure) {
                    if (born == life && open) {
                        int part = randomness.below(bytes.length + 1);
                        file.write(position, java.util.Arrays.copyOf(bytes, part));
                    }
                    throw failure;
                }
                file.write(position, bytes);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimDisk.this) {
                return file.length();
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (SimDisk.this) {
                before(Op.TRUNCATE);
                file.truncate(length);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimDisk.this) {
                try {
                    before(Op.FORCE);
                } catch (IOException failure) {
                    file.forgetDirty();
                    throw failure;
                }
                if (lying) {
                    lying = false;
                    file.forgetDirty();
                } else {
                    file.sync();
                }
            }
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
