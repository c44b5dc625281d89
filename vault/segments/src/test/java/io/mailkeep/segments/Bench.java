package io.mailkeep.segments;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Disk;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.DataKey;
import io.mailkeep.testing.sim.SimTime;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What the tests of this room share: one installation, two tenants, volumes on some disk. */
final class Bench {
    static final TenantId TENANT = new TenantId(new UUID(1, 1));
    static final TenantId OTHER = new TenantId(new UUID(1, 2));
    static final Access DELIVER = TestAccess.of(TENANT, Operation.DELIVER);
    static final Access READ = TestAccess.of(TENANT, Operation.READ);
    static final Access MAINTAIN = TestAccess.of(new TenantId(new UUID(0, 0)), Operation.MAINTAIN);

    final SimTime time = new SimTime();
    final Randomness randomness;
    final Disk disk;
    final Volumes volumes;
    SegmentLimits limits =
            SegmentLimits.standard().withRefuseAbove(1).withPatience(Duration.ofSeconds(20));

    Bench(Disk disk, Path folder, Randomness randomness) {
        this(disk, folder, randomness, DataClass.values());
    }

    Bench(Disk disk, Path folder, Randomness randomness, DataClass... classes) {
        this.disk = disk;
        this.randomness = randomness;
        Map<DataClass, Path> paths = new EnumMap<>(DataClass.class);
        for (DataClass one : classes) {
            paths.put(one, folder.resolve(one.label()));
        }
        this.volumes = new Volumes(new InstallationId(new UUID(9, 9)), "local", paths);
    }

    static Bench onDisk(Path folder) {
        return new Bench(Disk.system(), folder, Randomness.system());
    }

    SegmentStore open() {
        return SegmentStore.open(disk, volumes, time, randomness, limits);
    }

    SegmentStore fresh() {
        volumes.initialise(disk);
        return open();
    }

    Body body(int size) {
        return body(DataClass.SENSITIVE, size);
    }

    Body body(DataClass dataClass, int size) {
        return new Body(
                new BlobId(randomness.uuid()),
                dataClass,
                randomness.bytes(size),
                DataKey.fresh(randomness));
    }

    /** A body with what is needed to store it and to read it again. */
    record Body(BlobId blob, DataClass dataClass, byte[] bytes, DataKey key) {
        Writing writing() {
            return new Writing(
                    DELIVER, blob, dataClass, Clear.of(bytes), key, List.of(new byte[] {1, 2, 3}));
        }
    }

    static StoredBlob put(SegmentStore store, Body body) {
        return store.append(List.of(body.writing())).getFirst();
    }

    static byte[] get(SegmentStore store, StoredBlob stored, DataKey key) {
        try (InputStream in = store.read(READ, stored, key).all()) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The file that a body lies in. */
    Path file(StoredBlob stored) {
        Path folder =
                Optional.ofNullable(volumes.paths().get(stored.dataClass()))
                        .orElseThrow()
                        .resolve("segments");
        try {
            return folder.resolve(
                    disk.list(folder).stream()
                            .filter(name -> name.endsWith(stored.segment() + ".seg"))
                            .findFirst()
                            .orElseThrow());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Rows that name exactly these bodies. */
    static Rows rows(Set<Place> places) {
        return (tenant, blobs) -> places;
    }
}
