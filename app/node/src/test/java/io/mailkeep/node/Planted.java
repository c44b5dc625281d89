package io.mailkeep.node;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Classes of the product with a protection broken in each, compiled from today's sources, to be put
 * in front of a node's class path. The product itself has no such switch: what is planted here asks
 * for a file of the test's, so that one node can be broken and mended while it runs.
 */
final class Planted {
    private static final String SWITCHES = "planted.switches";

    private final Path folder;
    private final Path classes;
    private final Path switches;
    private final Map<Path, String> sources = new LinkedHashMap<>();

    Planted(Path folder) throws IOException {
        this.folder = folder;
        this.classes = Files.createDirectories(folder.resolve("classes"));
        this.switches = Files.createDirectories(folder.resolve("switches"));
    }

    /** The condition, as source text, under which what is planted acts. */
    static String on(String name) {
        return "java.nio.file.Files.exists(java.nio.file.Path.of(System.getProperty(\""
                + SWITCHES
                + "\"), \""
                + name
                + "\"))";
    }

    /** Replaces a place of a source file; it must be there once, however it is wrapped. */
    Planted in(String room, String type, String was, String becomes) throws IOException {
        Path file = root().resolve(room).resolve("src/main/java").resolve(type + ".java");
        String source = sources.containsKey(file) ? sources.get(file) : Files.readString(file);
        String pattern = Arrays.stream(was.split(" ")).map(Pattern::quote).collect(joining("\\s*"));
        Matcher place = Pattern.compile(pattern).matcher(Objects.requireNonNull(source));
        assertThat(place.results().count()).as("\"%s\" in %s", was, type).isOne();
        sources.put(file, place.reset().replaceAll(Matcher.quoteReplacement(becomes)));
        return this;
    }

    /** Compiles what was planted; answers the class path with it in front. */
    String classPath() throws IOException {
        String classPath = System.getProperty("java.class.path");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> files = new ArrayList<>();
        for (Map.Entry<Path, String> source : sources.entrySet()) {
            Path file = folder.resolve("src").resolve(root().relativize(source.getKey()));
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            files.add(Files.writeString(file, source.getValue()));
        }
        Writer said = new StringWriter();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-cp", classPath, "-d", classes.toString());
            boolean compiled =
                    compiler.getTask(
                                    said,
                                    manager,
                                    null,
                                    options,
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files))
                            .call();
            assertThat(compiled).as("what is planted compiles:%n%s", said).isTrue();
        }
        return classes + File.pathSeparator + classPath;
    }

    /** The flag by which a process finds the switches. */
    String flag() {
        return "-D" + SWITCHES + "=" + switches;
    }

    /** Lets what is planted under this name act. */
    void switchOn(String name) throws IOException {
        Files.writeString(switches.resolve(name), "");
    }

    void switchOff(String name) throws IOException {
        Files.delete(switches.resolve(name));
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no sources above");
        }
        return folder;
    }
}
