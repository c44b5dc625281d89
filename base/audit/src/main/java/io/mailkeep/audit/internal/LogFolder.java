package io.mailkeep.audit.internal;

import io.mailkeep.audit.AuditRefused;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.InstallationId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One copy of the log on disk. Each file appears whole or not at all, and the checkpoint appears
 * after all it speaks of is durable: after a crash what counts is the checkpoint; files beyond it
 * are leftovers that the next append replaces.
 */
public final class LogFolder implements AutoCloseable {
    private static final String CHECKPOINT = "checkpoint";
    private static final String IDENTITY = "identity";
    private static final String PENDING = ".pending";

    /** No file of a copy is longer: the longest is a bundle of 256 entries of 64 KiB. */
    private static final int LONGEST_BYTES = 20 << 20;

    private final Disk disk;
    private final Path root;
    private final Set<Path> named = ConcurrentHashMap.newKeySet();
    private Optional<Closeable> lock = Optional.empty();

    /** What a bundle file holds up to the first byte that makes no sense. */
    public record Bundle(List<byte[]> entries, boolean whole) {
        /** The entries of a bundle that must be whole. */
        public List<byte[]> require() throws IOException {
            if (!whole) {
                throw new IOException("an entry bundle is damaged");
            }
            return entries;
        }
    }

    /** The copy in this folder. */
    public LogFolder(Path root) {
        this(Disk.system(), root);
    }

    /** The same on another disk: for tests that replay a fault. */
    public LogFolder(Disk disk, Path root) {
        this.disk = disk;
        this.root = root.toAbsolutePath();
    }

    /** Where it lies. */
    public Path path() {
        return root;
    }

    /** Makes an empty folder a copy of this log; its identity is the last thing written. */
    public void create(
            InstallationId installation, String role, String verifierKey, String checkpoint)
            throws IOException {
        if (!blank()) {
            throw new AuditRefused("The audit folder " + root + " is in use already.");
        }
        named.clear();
        Set<Path> sync = new LinkedHashSet<>();
        Path below = Objects.requireNonNull(root.getParent());
        while (below.getParent() != null && !disk.exists(below)) {
            below = below.getParent();
        }
        makeFolder(root, below, sync);
        replace(root.resolve("log.vkey"), verifierKey.getBytes(StandardCharsets.UTF_8));
        replace(root.resolve(CHECKPOINT), checkpoint.getBytes(StandardCharsets.UTF_8));
        sync.add(root);
        forceAll(sync);
        // Last, when all else is durable, the folder's own name too: what has one is whole.
        replace(
                root.resolve(IDENTITY),
                identity(installation, role).getBytes(StandardCharsets.UTF_8));
        disk.forceFolder(root);
    }

    /** Whether there is nothing of a log in it. */
    public boolean blank() throws IOException {
        return !disk.exists(root.resolve(IDENTITY)) && !disk.exists(root.resolve("tile"));
    }

    /** Whether it is a folder with nothing in it but what a fresh file system has. */
    public boolean empty() throws IOException {
        return disk.list(root).stream().allMatch("lost+found"::equals);
    }

    /** Refuses a folder that isn't this installation's copy in this role. */
    public void check(InstallationId installation, String role) throws IOException {
        String found;
        try {
            found = text(IDENTITY);
        } catch (NoSuchFileException missing) {
            throw new AuditRefused(
                    "The audit folder "
                            + root
                            + " has no identity file: its device isn't mounted, or the folder was"
                            + " replaced. Mount it, or restore the folder from the other copy.");
        }
        if (!found.equals(identity(installation, role))) {
            String whose =
                    found.equals(identity(installation, role.equals("a") ? "b" : "a"))
                            ? "is copy " + (role.equals("a") ? "b" : "a") + " of this log, swapped"
                            : "belongs to another installation or form of Mailkeep";
            throw new AuditRefused(
                    "The audit folder "
                            + root
                            + " "
                            + whose
                            + ". Correct the paths audit.a and audit.b in the configuration.");
        }
    }

    private static String identity(InstallationId installation, String role) {
        return "mailkeep audit folder\nformat 1\ninstallation "
                + installation
                + "\nrole "
                + role
                + "\n";
    }

    /** Takes the folder for this process alone. */
    public void lock() throws IOException {
        if (lock.isPresent()) {
            return;
        }
        lock = disk.lock(root.resolve("lock"));
        if (lock.isEmpty()) {
            throw new AuditRefused("Another process writes to the audit folder " + root + ".");
        }
    }

    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
    }

    /** The signed checkpoint as it stands; empty if there is none. */
    public Optional<String> checkpoint() throws IOException {
        try {
            return Optional.of(text(CHECKPOINT));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /**
     * Makes the checkpoint durable that is there: a process that died may have left one that only
     * the page cache holds.
     */
    public void settle() throws IOException {
        disk.forceFolder(root);
    }

    /** Writes what a plan says and then the checkpoint over it; durable on return. */
    public void write(Frontier.Plan plan, String checkpoint) throws IOException {
        Set<Path> sync = new LinkedHashSet<>();
        for (Frontier.TileFile file : plan.files()) {
            Path path = root.resolve(file.path());
            Path parent = Objects.requireNonNull(path.getParent());
            makeFolder(parent, root, sync);
            replace(path, file.bytes());
            sync.add(parent);
        }
        forceAll(sync);
        replace(root.resolve(CHECKPOINT), checkpoint.getBytes(StandardCharsets.UTF_8));
        disk.forceFolder(root);
        for (String folder : plan.outdated()) {
            drop(root.resolve(folder));
        }
    }

    /** Writes and syncs a byte, to see whether the device still does that. */
    public void probe() throws IOException {
        replace(root.resolve("probe"), new byte[] {'.'});
    }

    /** The hashes of a tile in a tree of this size. */
    public List<byte[]> tile(int level, long index, long size) throws IOException {
        int width = TilePath.width(level, index, size);
        byte[] bytes = read(TilePath.tile(level, index, width), TilePath.tile(level, index, 256));
        if (bytes.length < width * Merkle.HASH_BYTES) {
            throw new IOException("tile/" + level + " number " + index + " is cut");
        }
        List<byte[]> hashes = new ArrayList<>(width);
        for (int at = 0; at < width; at++) {
            byte[] hash = new byte[Merkle.HASH_BYTES];
            System.arraycopy(bytes, at * Merkle.HASH_BYTES, hash, 0, hash.length);
            hashes.add(hash);
        }
        return hashes;
    }

    /** The entries of a bundle in a tree of this size, as far as they can be read. */
    public Bundle bundle(long index, long size) throws IOException {
        int width = TilePath.width(0, index, size);
        ByteBuffer in;
        boolean exact;
        try {
            in = ByteBuffer.wrap(content(TilePath.bundle(index, width)));
            exact = true;
        } catch (NoSuchFileException partialGone) {
            try {
                in = ByteBuffer.wrap(content(TilePath.bundle(index, 256)));
                exact = false;
            } catch (NoSuchFileException gone) {
                return new Bundle(List.of(), false);
            }
        }
        return bundle(in, width, exact);
    }

    /** The first {@code width} entries of a bundle file; {@code exact} if it holds no more. */
    public static Bundle bundle(ByteBuffer in, int width, boolean exact) {
        List<byte[]> entries = new ArrayList<>(width);
        while (entries.size() < width && in.remaining() >= 2) {
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                return new Bundle(entries, false);
            }
            byte[] entry = new byte[length];
            in.get(entry);
            entries.add(entry);
        }
        return new Bundle(entries, entries.size() == width && !(exact && in.hasRemaining()));
    }

    private byte[] read(String path, String full) throws IOException {
        try {
            return content(path);
        } catch (NoSuchFileException partialGone) {
            return content(full);
        }
    }

    private byte[] content(String path) throws IOException {
        try (DiskFile file = disk.open(root.resolve(path))) {
            if (file.size() > LONGEST_BYTES) {
                throw new IOException(path + " is longer than any file of the log");
            }
            byte[] bytes = new byte[(int) file.size()];
            if (file.read(0, ByteBuffer.wrap(bytes)) < bytes.length) {
                throw new IOException(path + " was cut while it was read");
            }
            return bytes;
        }
    }

    private String text(String path) throws IOException {
        return new String(content(path), StandardCharsets.UTF_8);
    }

    private void replace(Path path, byte[] bytes) throws IOException {
        Path pending = path.resolveSibling(path.getFileName() + PENDING);
        if (disk.exists(pending)) {
            disk.delete(pending);
        }
        try (DiskFile out = disk.create(pending)) {
            out.write(0, ByteBuffer.wrap(bytes));
            out.force();
        }
        disk.rename(pending, path);
    }

    /**
     * Makes a folder below another whose name isn't known to be durable. One that is there already
     * may have been made by a process that died before it synced the folder above.
     */
    private void makeFolder(Path wanted, Path below, Set<Path> sync) throws IOException {
        if (wanted.equals(below) || named.contains(wanted) || sync.contains(wanted)) {
            return;
        }
        Path parent = Objects.requireNonNull(wanted.getParent());
        makeFolder(parent, below, sync);
        disk.createFolder(wanted);
        sync.add(parent);
        sync.add(wanted);
    }

    /** Children before parents: a folder is durable once its parent names it. */
    private void forceAll(Set<Path> folders) throws IOException {
        for (Path folder : List.copyOf(folders).reversed()) {
            disk.forceFolder(folder);
        }
        named.addAll(folders);
    }

    private void drop(Path folder) throws IOException {
        if (!disk.exists(folder)) {
            return;
        }
        named.remove(folder);
        for (String file : disk.list(folder)) {
            disk.delete(folder.resolve(file));
        }
        disk.delete(folder);
    }
}
