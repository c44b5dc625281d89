package io.mailkeep.database.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** PostgreSQL's own log: two files of at most 1 MiB each, the older one replaced. */
final class BoundedLog {
    private static final long BYTES_MAX = 1 << 20;
    private static final int LINE_CHARS_MAX = 1000;

    private final Path file;
    private final Path older;
    private String last = "it said nothing";

    BoundedLog(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        this.file = folder.resolve("postgres.log");
        this.older = folder.resolve("postgres.log.1");
    }

    /** Writes every line until the stream ends. */
    void drain(InputStream output) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                write(line);
            }
        } catch (IOException e) {
            // The process or the disk is gone: its log is the least of it, and it must not block.
            drop(output);
        }
    }

    /** The last thing said. */
    synchronized String last() {
        return last;
    }

    private synchronized void write(String line) throws IOException {
        String text = line.length() > LINE_CHARS_MAX ? line.substring(0, LINE_CHARS_MAX) : line;
        last = text;
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Files.size(file) + bytes.length > BYTES_MAX) {
            Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void drop(InputStream output) {
        try {
            output.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException ended) {
            return;
        }
    }
}
