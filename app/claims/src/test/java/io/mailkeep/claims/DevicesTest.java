package io.mailkeep.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which devices folders lie on: what counts as one, and what is said where they are shared. */
@Claim({"DAT-4", "ATK-109"})
class DevicesTest {
    @TempDir Path folder;

    private Map<DataClass, Path> volumes() throws IOException {
        Map<DataClass, Path> volumes = new EnumMap<>(DataClass.class);
        for (DataClass one : DataClass.values()) {
            volumes.put(one, Files.createDirectory(folder.resolve(one.label())));
        }
        return volumes;
    }

    @Test
    void onOneDeviceItSaysWhatToDo() throws IOException {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Sighting saw = new Sighting().expect(true, "something");
        Devices.ofThisMachine().look(volumes(), List.of(folder), List.of(keys), saw);
        assertThat(saw.state()).isEqualTo(Verdict.State.NOT_CONFIGURED);
        assertThat(saw.words())
                .contains("volumes share a device", "under \"volumes\" in mailkeep.yaml")
                .contains("the key folder " + keys, "under \"keys\" in mailkeep.yaml");
    }

    @Test
    void aLinkToAnotherClassIsNoDeviceOfItsOwn() throws IOException {
        Path other = Path.of("/dev/shm");
        assumeTrue(
                Files.isDirectory(other) && !device(other).equals(device(folder)),
                "/dev/shm isn't a file system of its own here");
        Map<DataClass, Path> volumes = new EnumMap<>(DataClass.class);
        volumes.put(DataClass.PUBLIC, other);
        volumes.put(DataClass.CRITICAL, folder);
        Sighting apart = new Sighting();
        Devices.ofThisMachine().look(volumes, List.of(), List.of(), apart);
        assertThat(apart.state()).as(apart.words()).isEqualTo(Verdict.State.PROVED);

        volumes.put(
                DataClass.CRITICAL, Files.createSymbolicLink(folder.resolve("critical"), other));
        Sighting linked = new Sighting().expect(true, "something");
        Devices.ofThisMachine().look(volumes, List.of(), List.of(), linked);
        assertThat(linked.state()).isEqualTo(Verdict.State.NOT_CONFIGURED);
    }

    @Test
    void keysBesideTheDatabaseAreNotApartEvenIfNoVolumeIsThere() throws IOException {
        Sighting saw = new Sighting().expect(true, "something");
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Devices.ofThisMachine().look(Map.of(), List.of(folder), List.of(keys), saw);
        assertThat(saw.state()).isEqualTo(Verdict.State.NOT_CONFIGURED);
        assertThat(saw.words()).contains("lies on a device with data");
    }

    @Test
    void partitionsOfOneDiskAreOneDevice() throws IOException {
        Path disk = Files.createDirectories(folder.resolve("devices/sda"));
        Files.writeString(disk.resolve("dev"), "8:0\n");
        Path kernel = Files.createDirectory(folder.resolve("block"));
        for (int part = 1; part <= 2; part++) {
            Path partition = Files.createDirectory(disk.resolve("sda" + part));
            Files.writeString(partition.resolve("partition"), part + "\n");
            Files.writeString(partition.resolve("dev"), "8:" + part + "\n");
            Files.createSymbolicLink(kernel.resolve("8:" + part), partition);
        }
        Files.createSymbolicLink(kernel.resolve("8:0"), disk);
        Devices devices = new Devices(kernel);
        assertThat(devices.disk(8 << 8 | 1)).isEqualTo("8:0");
        assertThat(devices.disk(8 << 8 | 2)).isEqualTo("8:0");
        assertThat(devices.disk(8 << 8)).isEqualTo("8:0");
        // not a block device the kernel shows, such as tmpfs: itself; minor numbers above 255
        assertThat(devices.disk(0x2d)).isEqualTo("0:45");
        assertThat(devices.disk(259L << 8 | 0x12L | 1L << 20)).isEqualTo("259:274");
    }

    private static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev");
    }
}
