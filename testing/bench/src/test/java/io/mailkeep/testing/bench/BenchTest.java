package io.mailkeep.testing.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole way of one cheap row, without peers. */
class BenchTest {
    private static final Optional<String> LAUNCHER =
            Optional.ofNullable(System.getProperty("mailkeep.launcher")).filter(l -> !l.isEmpty());

    @Test
    @Timeout(300)
    void aRowIsMeasuredOnARunningNodeAndReported(@TempDir Path folder)
            throws IOException, InterruptedException {
        assumeTrue(LAUNCHER.isPresent(), "needs what ./mailkeep build makes");
        String said = bench(folder, "--rows", "APPEND 4 KiB");
        assertThat(said).contains("Written to").doesNotContain("not measured");
        JsonNode all = JsonMapper.shared().readTree(folder.resolve("bench.json").toFile());
        JsonNode rate = row(all, "APPEND 4 KiB, 8 sessions");
        assertThat(rate.path("servers").path(0).path("median").asDouble()).isPositive();
        JsonNode disk = row(all, "disk bytes a byte stored, 4 KiB messages");
        // encrypted, so what is stored can't have shrunk
        assertThat(disk.path("servers").path(0).path("median").asDouble()).isBetween(1.0, 2.0);
        assertThat(folder.resolve("bench.svg")).isNotEmptyFile();
    }

    private static JsonNode row(JsonNode all, String figure) {
        return all.path("rows")
                .valueStream()
                .filter(row -> row.path("figure").asString().equals(figure))
                .findFirst()
                .orElseThrow();
    }

    /** Runs it in a process of its own: it ends what it started when that ends. */
    private static String bench(Path out, String... arguments)
            throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Bench.class.getName(),
                                "--launcher",
                                LAUNCHER.orElseThrow(),
                                "--rounds",
                                "1",
                                "--divide",
                                "100",
                                "--out",
                                out.toString()));
        command.addAll(List.of(arguments));
        return Processes.run(command.toArray(String[]::new));
    }
}
