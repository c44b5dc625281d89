package io.mailkeep.testing.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The whole house, read once: its classes and its sources. */
final class House {
    private static final String ROOT = "io.mailkeep.";

    /** Every class of production code. */
    static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.mailkeep");

    private House() {}

    /**
     * The room of a class: {@code imap}; {@code testing.client} for the rooms of the testing floor.
     */
    static Optional<String> roomOf(JavaClass one) {
        String name = one.getPackageName() + ".";
        if (!name.startsWith(ROOT)) {
            return Optional.empty();
        }
        String[] parts = name.substring(ROOT.length()).split("\\.", -1);
        return Optional.of(parts[0].equals("testing") ? "testing." + parts[1] : parts[0]);
    }

    /** The clone's root folder. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mailkeep"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Java sources of production code ({@code main}) or tests ({@code test}). */
    static List<Path> sources(String kind) {
        try (Stream<Path> files = Files.walk(root(), 16)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/" + kind + "/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source's path as people write it. */
    static String shown(Path source) {
        return root().relativize(source).toString();
    }
}
