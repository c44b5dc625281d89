package io.mailkeep.segments;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.segments.internal.SpoolFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where a body waits while it comes in: a little of it in memory, more in a file that is encrypted
 * under a key in memory alone and has no name any more, so that nothing is left after a crash
 * ({@code ATK-99}). Nothing here is durable, and nothing can be reached but by whoever wrote it:
 * that is why no access is asked for.
 *
 * <p>Bounded in memory and on disk, all bodies together; safe for many threads.
 */
@Claim({"DAT-4", "ATK-99"})
public final class Spool implements AutoCloseable {
    private final Disk disk;
    private final Path folder;
    private final Randomness randomness;
    private final SpoolLimits limits;
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong files = new AtomicLong();

    /** Uses this folder, which it makes and empties of what a crash may have left in it. */
    public Spool(Path folder, Randomness randomness, SpoolLimits limits) {
        this(Disk.system(), folder, randomness, limits);
    }

    /** The same on another disk. */
    public Spool(Disk disk, Path folder, Randomness randomness, SpoolLimits limits) {
        this.disk = disk;
        this.folder = folder;
        this.randomness = randomness;
        this.limits = limits;
        try {
            disk.createFolder(folder);
            for (String name : disk.list(folder)) {
                if (name.endsWith(SpoolFile.SUFFIX)) {
                    disk.delete(folder.resolve(name));
                }
            }
        } catch (IOException failure) {
            throw unavailable(failure);
        }
    }

    /**
     * A place for one body to be written to. Writing throws {@link Unavailable} (452) when the
     * limits of the spool are reached.
     */
    public SpoolWriter writer() {
        return new SpoolWriter(this, limits.memoryEach());
    }

    /** Bytes held in memory for all bodies. */
    public long memoryInUse() {
        return memory.get();
    }

    /** Bytes held in files for all bodies. */
    public long filesInUse() {
        return files.get();
    }

    /** Nothing to do: each body is given back by its owner. */
    @Override
    public void close() {}

    /** Whether this much more memory is given. */
    boolean takeMemory(long bytes) {
        return take(memory, bytes, limits.memoryTotal());
    }

    /** Takes memory that a body can't do without. */
    void forceMemory(long bytes) {
        memory.addAndGet(bytes);
    }

    void giveMemory(long bytes) {
        memory.addAndGet(-bytes);
    }

    void giveFile(long bytes) {
        files.addAndGet(-bytes);
    }

    /** Takes room for this many more bytes in files, or refuses. */
    void takeFile(long bytes) {
        if (!take(files, bytes, limits.fileTotal())) {
            throw new Unavailable(
                    new Problem(
                            452,
                            "4.3.1",
                            "Too much mail is coming in at once; try again later.",
                            "the spool holds " + files.get() + " bytes",
                            Problem.Fault.OURS));
        }
    }

    /** A file without a name. */
    SpoolFile file() throws IOException {
        Path path = folder.resolve(randomness.uuid() + SpoolFile.SUFFIX);
        DiskFile file = disk.create(path);
        try {
            disk.delete(path);
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
        return new SpoolFile(file, randomness);
    }

    /** What a failing disk is answered with. */
    static Unavailable unavailable(IOException failure) {
        return new Unavailable(
                new Problem(
                        452,
                        "4.3.1",
                        "No room for the message at the moment; try again later.",
                        "spool: " + failure,
                        Problem.Fault.OURS),
                failure);
    }

    private static boolean take(AtomicLong counter, long bytes, long limit) {
        if (counter.addAndGet(bytes) > limit) {
            counter.addAndGet(-bytes);
            return false;
        }
        return true;
    }
}
