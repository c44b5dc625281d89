package io.mailkeep.testing.museum;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Plants one bug at a time: compiles a changed copy of the files that it touches into a copy of
 * their rooms' classes, which takes the place of those, and runs the tests that should catch it,
 * then the room's others, then those of the rooms above.
 */
final class Museum {
    private static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    private final Path root = root();
    private final Path scratch;

    /** What became of a bug. */
    record Outcome(Bug bug, boolean caught, String text, long seconds) {
        String row() {
            return String.format(
                    "%-40s %-5s %4d s  %s", bug.name(), caught ? "red" : "ERROR", seconds, text);
        }
    }

    Museum(Path scratch) {
        this.scratch = scratch;
    }

    /** All bugs whose names match, in order. */
    List<Bug> bugs(String regex) throws IOException {
        Pattern wanted = Pattern.compile(regex);
        List<Bug> bugs = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve("testing/museum/bugs"))) {
            for (Path file : files.sorted().toList()) {
                Bug bug = Bug.read(file);
                if (wanted.matcher(bug.name()).find()) {
                    bugs.add(bug);
                }
            }
        }
        return bugs;
    }

    Outcome tryOut(Bug bug) throws InterruptedException {
        long began = System.nanoTime();
        boolean caught = false;
        String text;
        try {
            Path classes = planted(bug);
            Optional<String> red = red(bug, classes, began);
            caught = red.isPresent();
            text = red.orElse("no test catches it: " + bug.text());
        } catch (IOException failure) {
            text = String.valueOf(failure.getMessage());
        }
        return new Outcome(
                bug, caught, text, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }

    private Path planted(Bug bug) throws IOException {
        Path folder = scratch.resolve(bug.name());
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<Path> files = bug.plant(root, folder.resolve("src"));
        for (Path room : bug.touched()) {
            copy(root.resolve(room).resolve("target/classes"), classes);
        }
        List<Path> java = files.stream().filter(one -> one.toString().endsWith(".java")).toList();
        for (Path file : files) {
            if (!java.contains(file)) {
                String path = folder.relativize(file).toString();
                Path to = classes.resolve(path.replaceAll(".*/src/main/resources/", ""));
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!java.isEmpty()) {
            compile(java, classes);
        }
        return classes;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path there = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(one, there);
                }
            }
        }
    }

    private static void compile(List<Path> files, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of(
                            "-parameters",
                            "-proc:none",
                            "-nowarn",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-d",
                            classes.toString());
            if (!compiler.getTask(
                            said,
                            manager,
                            null,
                            options,
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call()) {
                throw new IOException("doesn't compile: " + said);
            }
        }
    }

    /** The test that fails, of those named first. */
    private Optional<String> red(Bug bug, Path classes, long began)
            throws IOException, InterruptedException {
        List<String> all = tests(bug.room());
        List<String> named = new ArrayList<>();
        for (String test : bug.tests()) {
            named.add(
                    all.stream()
                            .filter(one -> one.endsWith("." + test))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IOException("there is no " + test + " in " + bug.room())));
        }
        List<String> others = all.stream().filter(one -> !named.contains(one)).toList();
        Optional<String> red = run(bug, bug.room(), classes, named, began);
        if (red.isEmpty()) {
            red = run(bug, bug.room(), classes, others, began);
        }
        for (String above : above(bug.room())) {
            if (red.isEmpty()) {
                red = run(bug, above, classes, tests(above), began);
            }
        }
        return red;
    }

    /** The test classes of a room. */
    private List<String> tests(String room) throws IOException {
        Path folder = root.resolve(room).resolve("target/test-classes");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(one -> folder.relativize(one).toString())
                    .filter(one -> one.endsWith("Test.class"))
                    .map(one -> one.replace(".class", "").replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    /** The rooms that may build on this one, in the order in which they are built. */
    private List<String> above(String room) throws IOException {
        List<String> rooms =
                Pattern.compile("<module>(.*)</module>")
                        .matcher(Files.readString(root.resolve("pom.xml")))
                        .results()
                        .map((MatchResult one) -> one.group(1))
                        .filter(one -> !one.startsWith("testing/") && !one.equals("app/node"))
                        .toList();
        return rooms.subList(rooms.indexOf(room) + 1, rooms.size());
    }

    /** The class path without these rooms, whose tests stay. */
    private String without(Set<Path> rooms) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        entry.endsWith("-tests.jar")
                                || rooms.stream()
                                        .noneMatch(room ->
                                                Path.of(entry)
                                                        .startsWith(
                                                                root.resolve(room)
                                                                        .resolve("target"))))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Optional<String> run(Bug bug, String room, Path classes, List<String> tests, long began)
            throws IOException, InterruptedException {
        if (tests.isEmpty()) {
            return Optional.empty();
        }
        Path out = Files.createTempFile(scratch, "out", ".txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
                        "-XX:+UseSerialGC",
                        "-Xmx512m"));
        Optional.ofNullable(System.getProperty("mailkeep.launcher"))
                .ifPresent(launcher -> command.add("-Dmailkeep.launcher=" + launcher));
        command.add("-cp");
        command.add(
                String.join(
                        File.pathSeparator,
                        classes.toString(),
                        root.resolve(room).resolve("target/test-classes").toString(),
                        without(bug.touched())));
        command.add(TestRun.class.getName());
        command.addAll(tests);
        Process process =
                new ProcessBuilder(command)
                        .directory(root.resolve(room).toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        long left = NANOS_MAX - (System.nanoTime() - began);
        if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroyForcibly();
            throw new IOException("no test turned red within ten minutes");
        }
        return switch (process.exitValue()) {
            case 0 -> Optional.empty();
            case TestRun.RED ->
                    Files.readAllLines(out).stream()
                            .filter(line -> line.startsWith("RED "))
                            .map(line -> line.substring("RED ".length()))
                            .findFirst();
            default ->
                    throw new IOException(
                            "the tests of "
                                    + room
                                    + " ended with status "
                                    + process.exitValue()
                                    + ", see "
                                    + out);
        };
    }

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no sources above");
        }
        return folder;
    }
}
