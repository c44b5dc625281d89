package io.mailkeep.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Claim({"FLT-19", "ATK-109"})
class VolumesTest {
    private static final InstallationId OURS = new InstallationId(new UUID(7, 7));

    @TempDir Path folder;
    private Path sensitive;
    private Path critical;
    private List<String> before = List.of();

    @BeforeEach
    void paths() throws Exception {
        sensitive = folder.resolve("sensitive");
        critical = folder.resolve("critical");
    }

    private Volumes volumes() {
        return new Volumes(
                OURS, "eu", Map.of(DataClass.SENSITIVE, sensitive, DataClass.CRITICAL, critical));
    }

    private List<String> everything() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> all = new ArrayList<>();
            for (Path one : files.sorted().toList()) {
                all.add(one + (Files.isRegularFile(one) ? Files.readString(one) : ""));
            }
            return all;
        }
    }

    private void refuses(Volumes volumes, String... saying) throws IOException {
        before = everything();
        assertThatThrownBy(() ->
                        SegmentStore.open(
                                volumes,
                                Time.system(),
                                Randomness.system(),
                                SegmentLimits.standard()))
                .isInstanceOf(VolumeRefused.class)
                .hasMessageContainingAll(saying)
                .hasMessageContaining("What to do");
    }

    @AfterEach
    void nothingWasWritten() throws IOException {
        if (!before.isEmpty()) {
            assertThat(everything()).isEqualTo(before);
        }
    }

    @Test
    void aMissingFolder() throws Exception {
        refuses(volumes(), "isn't there", "mount its device");
    }

    @Test
    void anEmptyMountPoint() throws Exception {
        volumes().initialise();
        Files.move(critical, folder.resolve("away"));
        Files.createDirectory(critical);
        refuses(volumes(), "class critical", "no identity file", "volumes.critical");
    }

    @Test
    void twoVolumesSwapped() throws Exception {
        volumes().initialise();
        Files.move(critical, folder.resolve("away"));
        Files.move(sensitive, critical);
        Files.move(folder.resolve("away"), sensitive);
        refuses(volumes(), "is another one", "mount the right device");
    }

    @Test
    void aForeignInstallation() throws Exception {
        new Volumes(new InstallationId(new UUID(8, 8)), "eu", volumes().paths()).initialise();
        refuses(volumes(), "installation " + new UUID(8, 8), "installation " + new UUID(7, 7));
    }

    @Test
    void anotherRegion() throws Exception {
        volumes().initialise();
        refuses(new Volumes(OURS, "us", volumes().paths()), "region eu", "region us");
    }

    @Test
    void aDamagedIdentityFileAndOneOfALaterVersion() throws Exception {
        volumes().initialise();
        Path identity = sensitive.resolve("mailkeep-volume");
        String text = Files.readString(identity);
        Files.writeString(identity, text.replace("eu", "us"));
        refuses(volumes(), "damaged identity file");
        Files.writeString(identity, "");
        refuses(volumes(), "damaged identity file");
    }

    @Test
    void twoClassesOnOneFolder() {
        Map<DataClass, Path> same =
                Map.of(
                        DataClass.SENSITIVE,
                        sensitive,
                        DataClass.CRITICAL,
                        folder.resolve("x").resolve("..").resolve("sensitive"));
        assertThatThrownBy(() -> new Volumes(OURS, "eu", same)).isInstanceOf(VolumeRefused.class);
    }

    @Test
    void initialisingTouchesNothingThatHoldsData() throws Exception {
        for (Path one : List.of(critical, sensitive)) {
            Path letter = Files.createDirectories(one).resolve("letter.txt");
            Files.writeString(letter, "mine");
            before = everything();
            assertThatThrownBy(() -> volumes().initialise())
                    .isInstanceOf(VolumeRefused.class)
                    .hasMessageContaining("letter.txt");
            assertThat(everything()).isEqualTo(before);
            Files.delete(letter);
            Files.delete(one);
            before = List.of();
        }
    }

    @Test
    void aVolumeWithMailIsNeverInitialisedAgain() throws Exception {
        volumes().initialise();
        Files.writeString(
                critical.resolve("segments").resolve("0000000001-" + OURS + ".seg"), "mail");
        before = everything();
        assertThatThrownBy(() -> volumes().initialise()).isInstanceOf(VolumeRefused.class);
    }

    @Test
    void volumesBelongToTheirOwnerAlone() throws Exception {
        volumes().initialise();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(critical)))
                .isEqualTo("rwx------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(critical.resolve("mailkeep-volume"))))
                .isEqualTo("rw-------");
    }

    @Test
    @Claim("FLT-03")
    void anInterruptedInitialisationIsFinishedByTheNext() {
        for (int steps = 0; steps < 20; steps++) {
            SimDisk disk = new SimDisk(Seeds.randomness(steps));
            int[] left = {steps};
            disk.faults((op, path) -> {
                if (left[0]-- <= 0) {
                    throw new IOException("the power is gone");
                }
            });
            try {
                volumes().initialise(disk);
            } catch (VolumeRefused interrupted) {
                disk.powerCut();
                volumes().initialise(disk);
            }
            disk.powerCut();
            volumes().check(disk);
        }
    }
}
