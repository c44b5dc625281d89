package io.mailkeep.segments;

import static io.mailkeep.segments.Bench.DELIVER;
import static io.mailkeep.segments.Bench.MAINTAIN;
import static io.mailkeep.segments.Bench.OTHER;
import static io.mailkeep.segments.Bench.READ;
import static io.mailkeep.segments.Bench.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final int CHUNK = 64 << 10;

    @TempDir Path folder;
    private Bench bench;
    private SegmentStore store;

    @BeforeEach
    void open() {
        bench = Bench.onDisk(folder);
        store = bench.fresh();
    }

    @AfterEach
    void allInvariantsHold() {
        assertThat(store.doctor(MAINTAIN)).isEmpty();
        store.close();
        try (SegmentStore again = bench.open()) {
            assertThat(again.opening()).isEmpty();
            assertThat(again.doctor(MAINTAIN)).isEmpty();
        }
    }

    @Test
    @Claim({"DAT-1", "DAT-4"})
    void bodiesOfEveryClassAndSizeComeBackAsTheyWere() throws Exception {
        List<Bench.Body> bodies = new ArrayList<>();
        for (DataClass dataClass : DataClass.values()) {
            for (int size : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 300_000}) {
                bodies.add(bench.body(dataClass, size));
            }
        }
        List<StoredBlob> stored = store.append(bodies.stream().map(Bench.Body::writing).toList());
        store.close();
        store = bench.open();
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(stored.get(i).blob()).isEqualTo(bodies.get(i).blob());
            assertThat(Bench.get(store, stored.get(i), bodies.get(i).key()))
                    .isEqualTo(bodies.get(i).bytes());
            assertThat(bench.file(stored.get(i)).toString())
                    .contains("/" + bodies.get(i).dataClass().label() + "/");
        }
    }

    @Test
    @Claim("DAT-4")
    void nothingOfABodyIsReadableOnTheVolume() throws Exception {
        byte[] clear = new byte[100_000];
        Arrays.fill(clear, (byte) 'x');
        Bench.Body body =
                new Bench.Body(
                        bench.body(0).blob(), DataClass.SENSITIVE, clear, bench.body(0).key());
        Bench.put(store, body);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("xxxxxxxx");
            }
        }
    }

    @Test
    void aGroupSharesOneSyncAVolume() {
        List<Writing> group = Stream.generate(() -> bench.body(5_000).writing()).limit(64).toList();
        store.append(group);
        store.append(group.subList(0, 1));
        Counters counters = store.counters(DataClass.SENSITIVE);
        assertThat(counters.records()).isEqualTo(65);
        assertThat(counters.forces()).isEqualTo(2);
        assertThat(counters.folderForces()).isEqualTo(1);
        assertThat(store.counters(DataClass.PUBLIC).forces()).isZero();
    }

    @Test
    void aRangeReadsOnlyTheChunksThatItLiesIn() throws Exception {
        Bench.Body body = bench.body(10 * CHUNK);
        StoredBlob stored = Bench.put(store, body);
        BlobReader reader = store.read(READ, stored, body.key());
        assertThat(reader.size()).isEqualTo(10 * CHUNK);
        for (long[] range :
                new long[][] {{0, 5}, {CHUNK - 3, 6}, {5 * CHUNK, CHUNK}, {10 * CHUNK - 1, 50}}) {
            try (InputStream in = reader.range(range[0], range[1])) {
                int from = (int) range[0];
                int to = (int) Math.min(10 * CHUNK, range[0] + range[1]);
                assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(body.bytes(), from, to));
            }
        }
        // Chunk 7 is damaged: ranges beside it don't notice.
        Path file = bench.file(stored);
        byte[] bytes = Files.readAllBytes(file);
        byte[] damaged = bytes.clone();
        damaged[(int) stored.position() + 7 * (CHUNK + 16) + 1000] ^= 1;
        Files.write(file, damaged);
        try (InputStream in = reader.range(5 * CHUNK, CHUNK)) {
            assertThat(in.readAllBytes()).hasSize(CHUNK);
        }
        Files.write(file, bytes);
    }

    @Test
    @Claim({"DAT-3", "ATK-86"})
    void onlyWhoMayReadsAndOnlyHisTenant() throws Exception {
        Bench.Body body = bench.body(3 * CHUNK);
        StoredBlob stored = Bench.put(store, body);
        assertThatThrownBy(() -> store.read(DELIVER, stored, body.key()))
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(
                        () -> store.read(TestAccess.of(OTHER, Operation.READ), stored, body.key()))
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> store.append(List.of(readOnly(body))))
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> store.doctor(READ)).isInstanceOf(AccessDenied.class);
        AtomicBoolean live = new AtomicBoolean(true);
        BlobReader reader =
                store.read(TestAccess.of(TENANT, live::get, Operation.READ), stored, body.key());
        reader.range(0, 1).close();
        live.set(false);
        assertThatThrownBy(() -> reader.range(0, 1)).isInstanceOf(AccessDenied.class);
    }

    private static Writing readOnly(Bench.Body body) {
        return new Writing(
                READ, body.blob(), body.dataClass(), Clear.of(body.bytes()), body.key(), List.of());
    }

    @Test
    void segmentsRollAndAreScannedInOrder() {
        store.close();
        bench.limits = bench.limits.withSegmentBytes(50_000);
        store = bench.open();
        List<StoredBlob> stored = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stored.addAll(
                    store.append(
                            Stream.generate(() -> bench.body(20_000).writing()).limit(3).toList()));
        }
        assertThat(stored.stream().map(StoredBlob::segment).distinct()).hasSize(8);
        List<StoredBlob> seen = new ArrayList<>();
        store.scan(
                MAINTAIN,
                DataClass.SENSITIVE,
                Optional.empty(),
                record -> {
                    assertThat(record.intact()).isTrue();
                    assertThat(record.dead()).isFalse();
                    assertThat(record.written()).isEqualTo(bench.time.instant());
                    assertThat(record.header()).containsExactly(new byte[] {1, 2, 3});
                    seen.add(record.stored());
                });
        assertThat(seen).isEqualTo(stored);
        List<StoredBlob> rest = new ArrayList<>();
        Place from = new Place(stored.get(6).segment(), stored.get(6).position());
        store.scan(
                MAINTAIN,
                DataClass.SENSITIVE,
                Optional.of(from),
                record -> rest.add(record.stored()));
        assertThat(rest).isEqualTo(stored.subList(6, stored.size()));
        List<StoredBlob> others = new ArrayList<>();
        store.scan(
                TestAccess.of(OTHER, Operation.MAINTAIN),
                DataClass.SENSITIVE,
                Optional.empty(),
                record -> others.add(record.stored()));
        assertThat(others).isEmpty();
    }

    @Test
    @Claim("FLT-01")
    void orphansAreSweptAndEmptySegmentsRemovedButNothingOfThisLife() {
        Bench.Body kept = bench.body(1_000);
        Bench.Body orphan = bench.body(1_000);
        StoredBlob keptAt = Bench.put(store, kept);
        StoredBlob orphanAt = Bench.put(store, orphan);
        store.close();
        store = bench.open();
        StoredBlob onItsWay = Bench.put(store, bench.body(1_000));
        // However long ago: the segment in use isn't judged.
        bench.time.advance(Duration.ofHours(2));
        Set<Place> rows = Set.of(new Place(keptAt.segment(), keptAt.position()));
        SegmentStore.Swept swept = store.sweep(MAINTAIN, DataClass.SENSITIVE, Bench.rows(rows));
        assertThat(swept).isEqualTo(new SegmentStore.Swept(2, 1, 0));
        assertThat(store.sweep(MAINTAIN, DataClass.SENSITIVE, Bench.rows(rows)).orphans()).isZero();
        assertThat(deadPositions()).containsExactly(orphanAt.position());
        assertThat(Bench.get(store, keptAt, kept.key())).isEqualTo(kept.bytes());
        assertThat(store.check(MAINTAIN, onItsWay)).isEmpty();
        // Later the row of the other is gone too.
        store.close();
        store = bench.open();
        assertThat(deadPositions()).containsExactly(orphanAt.position());
        Set<Place> left = Set.of(new Place(onItsWay.segment(), onItsWay.position()));
        assertThat(store.sweep(MAINTAIN, DataClass.SENSITIVE, Bench.rows(left)).segments())
                .isEqualTo(1);
        assertThat(store.check(MAINTAIN, keptAt)).isPresent();
        assertThat(store.check(MAINTAIN, onItsWay)).isEmpty();
    }

    private Set<Long> deadPositions() {
        List<RecordView> all = new ArrayList<>();
        store.scan(MAINTAIN, DataClass.SENSITIVE, Optional.empty(), all::add);
        return all.stream()
                .filter(RecordView::dead)
                .map(record -> record.stored().position())
                .collect(Collectors.toSet());
    }

    @Test
    void aBodyThatCannotBeReadHarmsNoOther() {
        Bench.Body good = bench.body(1_000);
        StoredBlob before = Bench.put(store, good);
        Bench.Body bad = bench.body(200_000);
        Clear lying =
                new Clear() {
                    @Override
                    public long size() {
                        return 400_000;
                    }

                    @Override
                    public InputStream open() throws java.io.IOException {
                        return Clear.of(bad.bytes()).open();
                    }

                    @Override
                    public void close() {}
                };
        Writing writing =
                new Writing(DELIVER, bad.blob(), DataClass.SENSITIVE, lying, bad.key(), List.of());
        assertThatThrownBy(() -> store.append(List.of(bench.body(10).writing(), writing)))
                .isInstanceOf(io.mailkeep.kernel.Unavailable.class);
        StoredBlob after = Bench.put(store, bad);
        assertThat(after.position()).isEqualTo(before.position() + before.stored());
        assertThat(Bench.get(store, before, good.key())).isEqualTo(good.bytes());
        assertThat(Bench.get(store, after, bad.key())).isEqualTo(bad.bytes());
        assertThat(store.counters(DataClass.SENSITIVE).poisoned()).isZero();
    }

    @Test
    void aCallerThatIsInterruptedStillGetsTheOutcomeAndHarmsNoFile() throws Exception {
        Bench.Body body = bench.body(500_000);
        Thread.currentThread().interrupt();
        StoredBlob stored = Bench.put(store, body);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Bench.get(store, stored, body.key())).isEqualTo(body.bytes());
        Bench.Body next = bench.body(10);
        assertThat(Bench.get(store, Bench.put(store, next), next.key())).isEqualTo(next.bytes());
        assertThat(store.counters(DataClass.SENSITIVE).poisoned()).isZero();
    }
}
