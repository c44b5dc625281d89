package io.mailkeep.audit.internal;

import io.mailkeep.audit.AuditRefused;
import io.mailkeep.kernel.InstallationId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One copy of the log on disk. Each file appears whole or not at all, and the checkpoint appears
 * after all it speaks of is durable: after a crash what counts is the checkpoint; files beyond it
 * are leftovers that the next append replaces.
 */
public final class LogFolder implements AutoCloseable {
    private static final String CHECKPOINT = "checkpoint";
    private static final String IDENTITY = "identity";
    private static final String PENDING = ".pending";

    private final Path root;
    private final Consumer<String> step;
    private Optional<FileChannel> lock = Optional.empty();

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
        this(root, name -> {});
    }

    /**
     * @param step told before each durable step; what it throws stops the work there
     */
    public LogFolder(Path root, Consumer<String> step) {
        this.root = root;
        this.step = step;
    }

    /** Where it lies. */
    public Path path() {
        return root;
    }

    /** Makes an empty folder a copy of this log; its identity is the last thing written. */
    public void create(
            InstallationId installation, String role, String verifierKey, String checkpoint)
            throws IOException {
        if (exists() || Files.exists(root.resolve("tile"))) {
            throw new AuditRefused("The audit folder " + root + " is in use already.");
        }
        Set<Path> sync = new LinkedHashSet<>();
        directories(root, sync);
        replace(root.resolve("log.vkey"), verifierKey.getBytes(StandardCharsets.UTF_8));
        replace(root.resolve(CHECKPOINT), checkpoint.getBytes(StandardCharsets.UTF_8));
        replace(
                root.resolve(IDENTITY),
                identity(installation, role).getBytes(StandardCharsets.UTF_8));
        sync.add(root);
        syncAll(sync);
    }

    /** Whether it was made a copy of some log. */
    public boolean exists() {
        return Files.exists(root.resolve(IDENTITY));
    }

    /** Whether there is nothing of a log in it. */
    public boolean blank() {
        return !exists() && !Files.exists(root.resolve("tile"));
    }

    /** Whether it is a folder with nothing in it but what a fresh file system has. */
    public boolean empty() throws IOException {
        try (Stream<Path> inside = Files.list(root)) {
            return inside.allMatch(path -> path.endsWith("lost+found"));
        }
    }

    /** Refuses a folder that isn't this installation's copy in this role. */
    public void check(InstallationId installation, String role) throws IOException {
        String found;
        try {
            found = Files.readString(root.resolve(IDENTITY));
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
        FileChannel channel =
                FileChannel.open(
                        root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock held = channel.tryLock();
            if (held == null) {
                throw new OverlappingFileLockException();
            }
            lock = Optional.of(channel);
        } catch (OverlappingFileLockException taken) {
            channel.close();
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
            return Optional.of(Files.readString(root.resolve(CHECKPOINT)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (java.nio.charset.CharacterCodingException damaged) {
            return Optional.of("");
        }
    }

    /** Writes what a plan says and then the checkpoint over it; durable on return. */
    public void write(Frontier.Plan plan, String checkpoint) throws IOException {
        Set<Path> sync = new LinkedHashSet<>();
        for (Frontier.TileFile file : plan.files()) {
            Path path = root.resolve(file.path());
            Path parent = Objects.requireNonNull(path.getParent());
            directories(parent, sync);
            step.accept("write " + file.path());
            replace(path, file.bytes());
            sync.add(parent);
        }
        step.accept("sync folders");
        syncAll(sync);
        step.accept("write checkpoint");
        replace(root.resolve(CHECKPOINT), checkpoint.getBytes(StandardCharsets.UTF_8));
        step.accept("sync checkpoint");
        syncDirectory(root);
        step.accept("drop partial tiles");
        for (String folder : plan.outdated()) {
            drop(root.resolve(folder));
        }
    }

    /** Writes and syncs a byte, to see whether the device still does that. */
    public void probe() throws IOException {
        step.accept("probe");
        Path file = root.resolve("probe");
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(new byte[] {'.'}));
            out.force(true);
        }
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
            in = ByteBuffer.wrap(Files.readAllBytes(root.resolve(TilePath.bundle(index, width))));
            exact = true;
        } catch (NoSuchFileException partialGone) {
            try {
                in = ByteBuffer.wrap(Files.readAllBytes(root.resolve(TilePath.bundle(index, 256))));
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
            return Files.readAllBytes(root.resolve(path));
        } catch (NoSuchFileException partialGone) {
            return Files.readAllBytes(root.resolve(full));
        }
    }

    private static void replace(Path path, byte[] bytes) throws IOException {
        Path pending = path.resolveSibling(path.getFileName() + PENDING);
        try (FileChannel out =
                FileChannel.open(
                        pending,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
        Files.move(
                pending, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void directories(Path wanted, Set<Path> sync) throws IOException {
        if (Files.isDirectory(wanted)) {
            return;
        }
        Path parent = wanted.toAbsolutePath().getParent();
        if (parent != null) {
            directories(parent, sync);
            sync.add(parent);
        }
        Files.createDirectory(wanted);
        sync.add(wanted);
    }

    /** Children before parents: a folder is durable once its parent names it. */
    private static void syncAll(Set<Path> folders) throws IOException {
        for (Path folder : List.copyOf(folders).reversed()) {
            syncDirectory(folder);
        }
    }

    private static void syncDirectory(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void drop(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> inside = Files.list(folder)) {
            all = inside.toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
