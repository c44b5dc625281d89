package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which room may touch which sharp tool: cryptographic primitives, drivers, sockets. */
class PrimitivesTest {
    /** Type name prefixes → the rooms that may use them. */
    private static final Map<String, Set<String>> TABLE =
            Map.ofEntries(
                    Map.entry("javax.crypto.", Set.of("keys")),
                    Map.entry("org.conscrypt.", Set.of("keys")),
                    Map.entry("org.bouncycastle.crypto.", Set.of("keys")),
                    Map.entry("org.bouncycastle.", Set.of("keys", "net")),
                    Map.entry("java.security.Signature", Set.of("keys", "tickets", "audit", "net")),
                    Map.entry("java.security.KeyPairGenerator", Set.of("keys", "audit", "net")),
                    Map.entry("javax.net.ssl.", Set.of("net", "node", "claims", "testing.client")),
                    Map.entry(
                            "java.net.ServerSocket",
                            Set.of("net", "database", "testing.client", "testing.torture")),
                    Map.entry("java.sql.Connection", Set.of("database")),
                    Map.entry("java.sql.DriverManager", Set.of("database")),
                    Map.entry("org.postgresql.", Set.of("database")),
                    Map.entry("com.zaxxer.", Set.of("database")),
                    Map.entry("org.flywaydb.", Set.of("database")),
                    Map.entry("org.springframework.web.", Set.of("api", "node")),
                    Map.entry("org.springframework.boot.", Set.of("node")),
                    Map.entry("jakarta.servlet.", Set.of("api", "node")),
                    Map.entry("org.apache.james.mime4j.", Set.of("message")));

    @Test
    void aRoomTouchesOnlyTheToolsOfItsRow() {
        Map<String, Set<String>> wrong = new TreeMap<>();
        for (JavaClass one : House.CLASSES) {
            House.roomOf(one)
                    .ifPresent(room ->
                            one.getDirectDependenciesFromSelf()
                                    .forEach(dependency ->
                                            TABLE.forEach((tool, rooms) -> {
                                                if (dependency
                                                                .getTargetClass()
                                                                .getName()
                                                                .startsWith(tool)
                                                        && !rooms.contains(room)) {
                                                    wrong.computeIfAbsent(
                                                                    room + " uses " + tool,
                                                                    key -> new TreeSet<>())
                                                            .add(one.getName());
                                                }
                                            })));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRowOfTheTableIsUsed() {
        Set<String> unused = new TreeSet<>(TABLE.keySet());
        for (JavaClass one : House.CLASSES) {
            one.getDirectDependenciesFromSelf()
                    .forEach(dependency ->
                            unused.removeIf(tool ->
                                    dependency.getTargetClass().getName().startsWith(tool)));
        }
        assertThat(unused).as("rows that nobody needs: take them out").isEmpty();
    }
}
