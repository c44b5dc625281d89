package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands do what it says, as they stand there, on the ports that stand there. */
@Claim("NET-1")
class ReadmeTest {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "<!-- runs in the tests: ([a-z]+) -->\n```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir Path temp;

    @Test
    void everyCommandOfTheReadmeWorks() throws Exception {
        Optional<Path> launcher =
                Optional.ofNullable(System.getProperty("mailkeep.launcher"))
                        .filter(path -> !path.isEmpty())
                        .map(Path::of);
        assumeTrue(
                launcher.isPresent(), "the README's commands need the launcher: ./mailkeep test");
        RunningNode.needsSwaks();
        Path clone = launcher.orElseThrow().getParent();
        Map<String, String> blocks = blocks(Files.readString(clone.resolve("README.md")));
        assertThat(blocks).containsOnlyKeys("demo", "send", "company", "care", "stop");

        Path said = temp.resolve("said");
        Process node = shell(clone, blocks.get("demo"), said);
        try {
            awaitReady(node, said);
            for (String name : new String[] {"send", "company", "care", "stop"}) {
                Path out = temp.resolve(name);
                Process block = shell(clone, blocks.get(name), out);
                assertThat(block.waitFor(180, TimeUnit.SECONDS)).as(name).isTrue();
                assertThat(block.exitValue()).as("%s:\n%s", name, Files.readString(out)).isZero();
            }
            assertThat(node.waitFor(10, TimeUnit.SECONDS)).as("stop stops it").isTrue();
            assertThat(node.exitValue()).as(Files.readString(said)).isZero();
        } finally {
            node.descendants().forEach(ProcessHandle::destroy);
            node.destroy();
        }
        assertThat(Files.readString(temp.resolve("company"))).contains("you@acme.example");
    }

    private static Map<String, String> blocks(String readme) {
        Map<String, String> blocks = new TreeMap<>();
        Matcher block = BLOCK.matcher(readme);
        while (block.find()) {
            blocks.put(block.group(1), block.group(2));
        }
        return blocks;
    }

    /** Runs a block as a person types it: line by line, in the clone; the first failure ends it. */
    private Process shell(Path clone, String block, Path out) throws Exception {
        ProcessBuilder shell =
                new ProcessBuilder("bash", "-e", "-c", block)
                        .directory(clone.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(out.toFile());
        shell.environment().put("MAILKEEP_DATA", temp.resolve("data").toString());
        return shell.start();
    }

    private static void awaitReady(Process node, Path said) throws Exception {
        for (int tenths = 0; tenths < 1200; tenths++) {
            if (Files.readString(said).contains("Ctrl-C stops the node.")) {
                return;
            }
            assertThat(node.isAlive()).as(Files.readString(said)).isTrue();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("not ready:\n" + Files.readString(said));
    }
}
