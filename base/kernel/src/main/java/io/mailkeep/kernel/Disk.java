package io.mailkeep.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A disk as storage code sees it: what may be lost when, and what has to be asked for. A parameter,
 * so that a power cut, a lying device or a full one is a seed (FLT-08, FLT-10 to 17).
 *
 * <p>Nothing is durable until {@link DiskFile#force} (bytes) or {@link #forceFolder} (names) came
 * back without error. Names: a created, deleted or renamed file may come back, or vanish, until its
 * folder is forced.
 */
public interface Disk {
    /** Makes a new empty file for reading and writing; fails if the name is taken. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading only. */
    DiskFile open(Path file) throws IOException;

    /** Shortens an existing file to this many bytes; a shorter one stays as it is. */
    void cut(Path file, long length) throws IOException;

    /** Whether a file or folder of this name is there. */
    boolean exists(Path path) throws IOException;

    /** The names in a folder, sorted. */
    List<String> list(Path folder) throws IOException;

    /**
     * Makes a folder, and those above it, readable by the owner only; one that exists is fine. Each
     * is a name in the folder above, durable when that one is forced.
     */
    void createFolder(Path folder) throws IOException;

    /** Removes a file's, or an empty folder's, name; an open file stays readable. */
    void delete(Path path) throws IOException;

    /** Gives a file another name in one step, in place of a file that had it. */
    void rename(Path from, Path to) throws IOException;

    /** Makes the names in a folder durable. */
    void forceFolder(Path folder) throws IOException;

    /**
     * Takes a file, made if it isn't there, for this process alone until it is closed or the
     * process ends; empty if somebody has it.
     */
    Optional<Closeable> lock(Path file) throws IOException;

    /** How full the device is that this path lies on. */
    Space space(Path path) throws IOException;

    /** The machine's own. */
    static Disk system() {
        return SystemDisk.INSTANCE;
    }

    /**
     * @param total bytes of the device
     * @param usable bytes that may still be written
     */
    record Space(long total, long usable) {
        /** The part in use, 0 to 1, if this many bytes more were written. */
        public double usedWith(long more) {
            return total <= 0 ? 0 : 1 - (usable - (double) more) / total;
        }
    }
}
