package io.mailkeep.segments.internal;

import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Small text files that are there whole, in their old or their new form, whatever happens: written
 * beside, synced, renamed, folder synced. The last line is a checksum of those before.
 */
public final class SmallFile {
    /** The longest one that is read, bytes. */
    private static final int LIMIT = 16 << 20;

    private static final String TEMPORARY = ".tmp";

    private SmallFile() {}

    /** Whether this is what an interrupted write left behind. */
    public static boolean isTemporary(String name) {
        return name.endsWith(TEMPORARY);
    }

    /** Writes the lines; durable on return. */
    public static void write(Disk disk, Path path, List<String> lines) throws IOException {
        String text = String.join("\n", lines) + "\n";
        byte[] bytes = (text + checkLine(text)).getBytes(StandardCharsets.US_ASCII);
        Path beside = path.resolveSibling(path.getFileName() + TEMPORARY);
        if (disk.exists(beside)) {
            disk.delete(beside);
        }
        try (DiskFile file = disk.create(beside)) {
            file.write(0, ByteBuffer.wrap(bytes));
            file.force();
        }
        disk.rename(beside, path);
        disk.forceFolder(Objects.requireNonNull(path.getParent()));
    }

    /** The lines; empty if the file is damaged. */
    public static Optional<List<String>> read(Disk disk, Path path) throws IOException {
        byte[] bytes;
        try (DiskFile file = disk.open(path)) {
            if (file.size() > LIMIT) {
                return Optional.empty();
            }
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(0, into);
            bytes = into.array();
        }
        String text = new String(bytes, StandardCharsets.US_ASCII);
        int end = text.lastIndexOf("check ");
        if (end <= 0 || !text.substring(end).equals(checkLine(text.substring(0, end)))) {
            return Optional.empty();
        }
        return Optional.of(text.substring(0, end).lines().toList());
    }

    private static String checkLine(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        return String.format("check %08x%n", sum.getValue()).replace("\r", "");
    }
}
