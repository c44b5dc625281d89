package io.mailkeep.node.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads what processes really use: proportional set size (Pss), shared pages counted once. */
final class Memory {
    private Memory() {}

    /** Pss of a process in bytes; empty where the kernel doesn't say. */
    static OptionalLong pss(long process) {
        Path rollup = Path.of("/proc", Long.toString(process), "smaps_rollup");
        try (Stream<String> lines = Files.lines(rollup)) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException ended) {
            return OptionalLong.empty();
        }
    }

    /** Pss of a process with all its descendants. */
    static long tree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants())
                .mapToLong(process -> pss(process.pid()).orElse(0))
                .sum();
    }
}
