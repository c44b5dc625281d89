package io.mailkeep.node.internal.command;

import io.mailkeep.kernel.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * Passwords that were generated, as a CSV file that nobody but its owner may read from its first
 * byte on ({@code ATK-106}). A password that was put there is on the device: it may be used then.
 */
final class PasswordFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private PasswordFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Makes the file; {@link CommandFailure} if there is something of this name already. */
    static PasswordFile create(Path file) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            PasswordFile made = new PasswordFile(file, channel);
            made.append("address,password\n".getBytes(StandardCharsets.UTF_8));
            return made;
        } catch (FileAlreadyExistsException there) {
            throw exists(file);
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    /** What is said when there is something of this name already. */
    static CommandFailure exists(Path file) {
        return new CommandFailure(
                file
                        + " exists already and may hold passwords that stand nowhere else: name"
                        + " another file with --passwords. Nothing was done.");
    }

    /**
     * Adds a line, for one of several threads at a time.
     *
     * @param address of an account, which needs no quotes
     */
    synchronized void put(String address, Secret password) {
        byte[] clear = password.exposeSecretBytes();
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        byte[] line = Arrays.copyOf(name, name.length + clear.length + 2);
        line[name.length] = ',';
        System.arraycopy(clear, 0, line, name.length + 1, clear.length);
        line[line.length - 1] = '\n';
        try {
            append(line);
        } catch (IOException failed) {
            throw failure(file, failed);
        } finally {
            Arrays.fill(clear, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
    }

    private void append(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        channel.force(false);
    }

    private static CommandFailure failure(Path file, IOException failed) {
        return new CommandFailure(
                "Can't write passwords to "
                        + file
                        + ": "
                        + failed.getClass().getSimpleName()
                        + ". Name a file in a folder that you may write to and that has room.");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }
}
