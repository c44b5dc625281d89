package io.mailkeep.testing.fuzz;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hunts one target with Jazzer, in a process of its own: coverage of the house's classes leads the
 * inputs. In the room's folder {@code target/fuzz/TARGET} it leaves Jazzer's log, what it found,
 * and {@code TARGET.txt}: all inputs that reach something new, shortest first, in the form that
 * saved inputs have.
 */
public final class Hunt {
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
    private static final int LENGTH_MAX_BYTES = 8_192;
    private static final int ONE_MAX_SECONDS = 10;

    private static FuzzTarget target =
            _ -> {
                throw new IllegalStateException("Jazzer named no target");
            };

    private Hunt() {}

    /** Called by Jazzer once, with the target's class. */
    public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        target = (FuzzTarget) constructor.newInstance();
    }

    /** Called by Jazzer for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.bounded(input);
    }

    static void run(Class<?> target, int seconds) throws IOException, InterruptedException {
        Path folder = Path.of("target/fuzz", target.getSimpleName()).toAbsolutePath();
        Path found = folder.resolve("found");
        Path saved = folder.resolve("saved");
        Files.createDirectories(found);
        Files.createDirectories(saved);
        List<byte[]> inputs = Corpus.of(target);
        for (int at = 0; at < inputs.size(); at++) {
            Files.write(saved.resolve(String.valueOf(at)), inputs.get(at));
        }
        Path log = folder.resolve("log");
        Process jazzer =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:+EnableDynamicAgentLoading",
                                "--enable-native-access=ALL-UNNAMED",
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + Hunt.class.getName(),
                                "--target_args=" + target.getName(),
                                "--instrumentation_includes=io.mailkeep.**",
                                "--custom_hook_includes=io.mailkeep.**",
                                "-max_total_time=" + seconds,
                                "-max_len=" + LENGTH_MAX_BYTES,
                                "-timeout=" + ONE_MAX_SECONDS,
                                "-rss_limit_mb=2048",
                                "-artifact_prefix=" + folder + "/",
                                found.toString(),
                                saved.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        int status;
        try {
            status = jazzer.waitFor();
        } finally {
            jazzer.destroyForcibly();
        }
        String said = Files.readString(log);
        keep(found, folder.resolve(target.getSimpleName() + ".txt"));
        Matcher done = DONE.matcher(said);
        if (status != 0 || !done.find()) {
            throw new AssertionError(
                    "Jazzer found something in "
                            + folder
                            + ", or couldn't run; the end of its log:"
                            + " "
                            + said.substring(Math.max(0, said.length() - 4_000)));
        }
        long runs = Long.parseLong(done.group(1));
        long time = Math.max(1, Long.parseLong(done.group(2)));
        Files.writeString(
                folder.resolve("summary"),
                "%-24s %,12d runs in %4d s, %,8d a second%n"
                        .formatted(target.getSimpleName(), runs, time, runs / time));
    }

    private static void keep(Path found, Path text) throws IOException {
        try (Stream<Path> files = Files.list(found)) {
            List<String> lines =
                    files.sorted(Comparator.comparing(Path::getFileName))
                            .map(Hunt::line)
                            .sorted(
                                    Comparator.comparingInt(String::length)
                                            .thenComparing(Comparator.naturalOrder()))
                            .toList();
            Files.write(text, lines);
        }
    }

    private static String line(Path file) {
        try {
            return Corpus.line(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
