package io.mailkeep.keys.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * One file of a key folder: whole and durable, or as it was before. Form 1: {@code MAILKEEP}, form
 * octet, length of the purpose and purpose, length of the content and content, SHA-256 of all
 * before. Readable by its owner alone.
 */
final class KeyFile {
    private static final byte[] MAGIC = "MAILKEEP".getBytes(StandardCharsets.US_ASCII);
    private static final byte FORM = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int SIZE_MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_FILE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER =
            PosixFilePermissions.fromString("rwx------");

    private KeyFile() {}

    /** Writes beside, syncs, renames, syncs the folder. */
    static void write(Path file, String purpose, byte[] content) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(beside);
            Files.createFile(beside, PosixFilePermissions.asFileAttribute(OWNER_FILE));
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(encoded(purpose, content));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forceFolder(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    /** The content; empty if the file isn't there or isn't whole. */
    static Optional<byte[]> read(Path file, String purpose) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > SIZE_MAX_BYTES) {
                return Optional.empty();
            }
            return decoded(purpose, Files.readAllBytes(file));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Overwrites with zeros, syncs, removes. Whether the medium keeps an older copy (an SSD, a
     * copy-on-write file system) isn't known here.
     */
    static void erase(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate((int) channel.size()), 0);
                channel.force(true);
            }
            Files.delete(file);
            forceFolder(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("erasing " + file, failed);
        }
    }

    /** Makes a folder for its owner alone, or takes everybody else's rights from one that is. */
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, OWNER_FOLDER);
            forceFolder(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException("making " + folder, failed);
        }
    }

    private static void forceFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static byte[] encoded(String purpose, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(MAGIC);
        out.writeByte(FORM);
        out.writeUTF(purpose);
        out.writeInt(content.length);
        out.write(content);
        out.write(digest(bytes.toByteArray()));
        return bytes.toByteArray();
    }

    private static Optional<byte[]> decoded(String purpose, byte[] file) throws IOException {
        byte[] head = encoded(purpose, new byte[0]);
        int start = head.length - DIGEST_BYTES;
        int length = file.length - start - DIGEST_BYTES;
        if (length < 0) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(file, start, start + length);
        return Arrays.equals(encoded(purpose, content), file)
                ? Optional.of(content)
                : Optional.empty();
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
