package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point down: a room knows the rooms listed here and no other, and only their public
 * packages.
 */
class ArrowsTest {
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("kernel", Set.of()),
                    Map.entry("message", Set.of("kernel")),
                    Map.entry("audit", Set.of("kernel")),
                    Map.entry("tickets", Set.of("kernel", "audit")),
                    Map.entry("keys", Set.of("kernel", "audit", "tickets")),
                    Map.entry("database", Set.of("kernel", "audit", "tickets", "keys")),
                    Map.entry("segments", Set.of("kernel", "tickets", "keys")),
                    Map.entry(
                            "mailbox",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "keys",
                                    "database",
                                    "segments")),
                    Map.entry(
                            "identity",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "keys",
                                    "database",
                                    "mailbox")),
                    Map.entry(
                            "transport",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "segments",
                                    "mailbox",
                                    "identity")),
                    Map.entry("net", Set.of("kernel")),
                    Map.entry(
                            "smtp",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "net",
                                    "segments",
                                    "identity",
                                    "transport")),
                    Map.entry(
                            "imap",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "net",
                                    "identity",
                                    "segments",
                                    "mailbox")),
                    Map.entry(
                            "api",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "keys",
                                    "identity",
                                    "mailbox",
                                    "transport")),
                    Map.entry(
                            "claims",
                            Set.of(
                                    "kernel",
                                    "message",
                                    "audit",
                                    "tickets",
                                    "keys",
                                    "identity",
                                    "mailbox",
                                    "segments",
                                    "database",
                                    "testing.client")),
                    Map.entry("testing.sim", Set.of("kernel")),
                    Map.entry("testing.client", Set.of("kernel")),
                    Map.entry("testing.fuzz", Set.of()),
                    Map.entry("testing.bench", Set.of("kernel", "testing.client")),
                    Map.entry("testing.museum", Set.of()),
                    Map.entry("testing.torture", Set.of("kernel", "audit", "testing.client")),
                    Map.entry("testing.checks", Set.of()));

    @Test
    void theHouseIsRead() {
        Set<String> rooms = new TreeSet<>();
        House.CLASSES.forEach(one -> House.roomOf(one).ifPresent(rooms::add));
        assertThat(rooms).containsAll(ARROWS.keySet()).contains("node");
    }

    /** What is thrown by a room further below passes through: who catches it may name it. */
    @Test
    void aRoomKnowsOnlyTheRoomsBelowIt() {
        Map<String, Set<String>> wrong = new TreeMap<>();
        forEachArrow((from, to, dependency) -> {
            boolean thrown = dependency.getTargetClass().isAssignableTo(Throwable.class);
            if (!from.equals("node")
                    && !thrown
                    && !ARROWS.getOrDefault(from, Set.of()).contains(to)) {
                wrong.computeIfAbsent(from + " -> " + to, key -> new TreeSet<>())
                        .add(dependency.getOriginClass().getName());
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatIsInternalIsUsedByItsOwnRoomAlone() {
        List<String> wrong = new ArrayList<>();
        forEachArrow((from, to, dependency) -> {
            if (dependency.getTargetClass().getPackageName().contains(".internal")) {
                wrong.add(dependency.getDescription());
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRoomStatesItsPromise() throws java.io.IOException {
        List<String> silent = new ArrayList<>();
        for (var source : House.sources("main")) {
            if (source.endsWith("package-info.java") && !source.toString().contains("/internal/")) {
                String text = java.nio.file.Files.readString(source);
                if (text.length() < 300 || !text.contains("@NullMarked")) {
                    silent.add(House.shown(source));
                }
            }
        }
        assertThat(silent).as("package-info without promise, callers and reach").isEmpty();
    }

    private interface Arrow {
        void look(String from, String to, Dependency dependency);
    }

    private static void forEachArrow(Arrow arrow) {
        for (JavaClass one : House.CLASSES) {
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                House.roomOf(one)
                        .ifPresent(from ->
                                House.roomOf(dependency.getTargetClass())
                                        .filter(to -> !to.equals(from))
                                        .ifPresent(to -> arrow.look(from, to, dependency)));
            }
        }
    }
}
