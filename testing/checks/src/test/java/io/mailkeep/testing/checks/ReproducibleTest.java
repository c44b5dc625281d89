package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever builds the same sources gets the same jars: nothing in them tells when or in which folder
 * they were built.
 */
class ReproducibleTest {
    private static final Pattern TIMESTAMP =
            Pattern.compile("<project\\.build\\.outputTimestamp>(.*)</");

    @Test
    void jarsTellNeitherWhenNorWhereTheyWereBuilt() throws IOException {
        List<Path> jars = jars();
        assumeFalse(jars.isEmpty(), "there are no jars yet: ./mailkeep test makes them first");
        Matcher timestamp = TIMESTAMP.matcher(Files.readString(House.root().resolve("pom.xml")));
        assertThat(timestamp.find()).as("a fixed time in pom.xml").isTrue();
        LocalDateTime fixed = OffsetDateTime.parse(timestamp.group(1)).toLocalDateTime();
        Set<String> telling = new TreeSet<>();
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                    boolean dated = !entry.getTimeLocal().equals(fixed);
                    if (dated || holdsRoot(jar.getInputStream(entry).readAllBytes())) {
                        telling.add(path.getFileName() + ": " + entry.getName());
                    }
                }
            }
        }
        assertThat(telling).isEmpty();
    }

    private static boolean holdsRoot(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(House.root().toString());
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.walk(House.root(), 4)) {
            return files.filter(file -> file.getParent().endsWith("target"))
                    .filter(file -> file.getFileName().toString().matches("mailkeep-.*\\.jar"))
                    .sorted()
                    .toList();
        }
    }
}
