package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not start: it says why, and nothing is written meanwhile. */
@Claim("FLT-19")
class RefusedStartTest {
    /** An installation that was started once and stopped: tests begin with a copy of it. */
    private static RunningNode begun;

    @TempDir Path temp;

    @BeforeAll
    static void begin(@TempDir Path folder) throws Exception {
        begun = RunningNode.start(folder.resolve("data"));
        begun.stop();
    }

    @Test
    void aMissingVolumeStopsTheStartBeforeAnythingIsWritten() throws Exception {
        RunningNode node = begun.copy(temp);
        Path volume = node.data.resolve("volumes/sensitive");
        Files.move(volume, temp.resolve("taken"));
        Files.createDirectory(volume);
        FileTime written = newest(node.data.resolve("postgres"));
        RunningNode.Ran refused = node.cli("up");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).contains("sensitive");
        assertThat(newest(node.data.resolve("postgres"))).isEqualTo(written);
        try (var files = Files.list(volume)) {
            assertThat(files.toList()).as("written to the empty mount point").isEmpty();
        }
        Files.delete(volume);
        Files.move(temp.resolve("taken"), volume);
        node.restart();
        node.close();
    }

    @Test
    void swappedVolumesStopTheStart() throws Exception {
        RunningNode node = begun.copy(temp);
        Path volumes = node.data.resolve("volumes");
        Files.move(volumes.resolve("public"), volumes.resolve("x"));
        Files.move(volumes.resolve("internal"), volumes.resolve("public"));
        Files.move(volumes.resolve("x"), volumes.resolve("internal"));
        FileTime written = newest(node.data.resolve("postgres"));
        RunningNode.Ran refused = node.cli("up");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(newest(node.data.resolve("postgres"))).isEqualTo(written);
        assertThat(refused.out()).contains("volume").doesNotContain("Exception");
    }

    @Test
    void dataWithoutItsKeysNeverGetsNewOnes() throws Exception {
        RunningNode node = begun.copy(temp);
        for (String folder : List.of("a", "b")) {
            Files.move(temp.resolve("data-keys").resolve(folder), temp.resolve("kept-" + folder));
        }
        RunningNode.Ran refused = node.cli("up");
        assertThat(refused.out()).containsIgnoringCase("key").doesNotContain("Exception");
        assertThat(temp.resolve("data-keys/a/root.key")).doesNotExist();
    }

    /**
     * Keys and database gone together, volumes and audit log still there: nothing is begun anew.
     */
    @Test
    void volumesWithoutDatabaseAndKeysNeverGetNewOnes() throws Exception {
        RunningNode node = begun.copy(temp);
        Files.move(node.data.resolve("postgres"), temp.resolve("postgres"));
        for (String folder : List.of("a", "b")) {
            Path emptied = temp.resolve("data-keys").resolve(folder);
            Files.move(emptied, temp.resolve("kept-" + folder));
            Files.createDirectory(emptied);
        }
        RunningNode.Ran refused = node.cli("up");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).containsIgnoringCase("key").doesNotContain("Exception");
        for (String folder : List.of("a", "b")) {
            try (var files = Files.list(temp.resolve("data-keys").resolve(folder))) {
                assertThat(files.toList()).as("new keys over old data").isEmpty();
            }
        }
    }

    @Test
    void aTakenPortStopsTheStartAndIsNamed() throws Exception {
        RunningNode node = begun.copy(temp);
        for (String key : List.of("smtp 25", "health 8080", "https 443", "admin 9443")) {
            int standard = Integer.parseInt(key.substring(key.indexOf(' ') + 1));
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket taken = new ServerSocket(node.port(standard), 1, loopback)) {
                RunningNode.Ran refused = node.cli("up");
                assertThat(refused.status()).as(refused.out()).isEqualTo(1);
                assertThat(refused.out())
                        .contains("Port " + taken.getLocalPort())
                        .contains("ports." + key.substring(0, key.indexOf(' ')));
            }
        }
        assertThat(node.data.resolve("run/admin.json")).doesNotExist();
    }

    /** When something below this folder was last written. */
    private static FileTime newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<FileTime> times = new ArrayList<>();
            for (Path file : files.toList()) {
                times.add(Files.getLastModifiedTime(file));
            }
            return Collections.max(times);
        }
    }
}
