package io.mailkeep.testing.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The process that keeps the ledger: a line that it has counted on its output is on the disk. It
 * outlives whoever writes to it: what stands in the pipe is still written.
 */
final class LedgerKeeper {
    private LedgerKeeper() {}

    /**
     * Appends each line of standard input to the file named by the only argument, syncs, and prints
     * how many lines are on the disk by now.
     */
    public static void main(String[] arguments) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (FileChannel file =
                FileChannel.open(
                        Path.of(arguments[0]),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            long lines = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                StringBuilder group = new StringBuilder(line).append('\n');
                lines++;
                // what came meanwhile shares the sync
                while (in.ready()) {
                    group.append(in.readLine()).append('\n');
                    lines++;
                }
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(group.toString());
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(false);
                out.println(lines);
            }
        }
    }
}
