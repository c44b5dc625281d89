package io.mailkeep.segments;

import static io.mailkeep.segments.Bench.MAINTAIN;
import static io.mailkeep.segments.Bench.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.segments.Finding.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
    private static final int SEALED = (64 << 10) + 16;

    @TempDir Path folder;
    private Bench bench;
    private SegmentStore store;
    private Bench.Body first;
    private Bench.Body second;
    private Bench.Body third;
    private StoredBlob firstAt;
    private StoredBlob secondAt;
    private StoredBlob thirdAt;

    @BeforeEach
    void threeBodies() {
        bench = Bench.onDisk(folder);
        store = bench.fresh();
        first = bench.body(200_000);
        second = bench.body(200_000);
        third = bench.body(5_000);
        firstAt = Bench.put(store, first);
        secondAt = Bench.put(store, second);
        thirdAt = Bench.put(store, third);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void edit(UnaryOperator<byte[]> change) throws Exception {
        Path file = bench.file(firstAt);
        Files.write(file, change.apply(Files.readAllBytes(file)));
    }

    private int bodyOf(StoredBlob stored) {
        int sealed = (int) (stored.size() + 16 * Math.max(1, (stored.size() + 65535) / 65536));
        return (int) (stored.position() + stored.stored() - 16 - sealed);
    }

    private void refused(StoredBlob stored, Bench.Body body) {
        assertThatThrownBy(() -> Bench.get(store, stored, body.key()))
                .isInstanceOf(TamperedException.class);
        assertThat(store.check(MAINTAIN, stored)).isPresent();
        assertThat(store.doctor(MAINTAIN))
                .anyMatch(finding -> finding.severity() == Severity.BROKEN);
    }

    private void intact(StoredBlob stored, Bench.Body body) {
        assertThat(Bench.get(store, stored, body.key())).isEqualTo(body.bytes());
        assertThat(store.check(MAINTAIN, stored)).isEmpty();
    }

    @Test
    @Claim("ATK-100")
    void chunksInAnotherOrderAreRefused() throws Exception {
        int body = bodyOf(firstAt);
        edit(bytes -> {
            byte[] one = Arrays.copyOfRange(bytes, body, body + SEALED);
            System.arraycopy(bytes, body + SEALED, bytes, body, SEALED);
            System.arraycopy(one, 0, bytes, body + SEALED, SEALED);
            return bytes;
        });
        refused(firstAt, first);
        intact(secondAt, second);
    }

    @Test
    @Claim("ATK-100")
    void theBodyOfAUnderBIsRefused() throws Exception {
        edit(bytes -> {
            System.arraycopy(bytes, bodyOf(firstAt), bytes, bodyOf(secondAt), 3 * SEALED);
            return bytes;
        });
        refused(secondAt, second);
        assertThatThrownBy(() -> Bench.get(store, secondAt, first.key()))
                .isInstanceOf(TamperedException.class);
        intact(firstAt, first);
    }

    @Test
    @Claim("ATK-100")
    void notEvenUnderTheSameKeyIsOneBodyTakenForAnother() throws Exception {
        Bench.Body twin =
                new Bench.Body(
                        bench.body(0).blob(), DataClass.SENSITIVE, first.bytes(), first.key());
        StoredBlob twinAt = Bench.put(store, twin);
        byte[] bytes = Files.readAllBytes(bench.file(firstAt));
        assertThat(bytes[bodyOf(twinAt)]).isEqualTo(bytes[bodyOf(firstAt)]);
        intact(twinAt, twin);
        edit(whole -> {
            System.arraycopy(whole, bodyOf(firstAt), whole, bodyOf(twinAt), 3 * SEALED);
            return whole;
        });
        refused(twinAt, twin);
    }

    @Test
    @Claim("ATK-100")
    void aRowThatPointsElsewhereIsRefused() {
        StoredBlob swapped =
                new StoredBlob(
                        firstAt.tenant(),
                        firstAt.blob(),
                        firstAt.dataClass(),
                        secondAt.segment(),
                        secondAt.position(),
                        secondAt.stored(),
                        secondAt.size());
        assertThatThrownBy(() -> store.read(READ, swapped, first.key()))
                .isInstanceOf(TamperedException.class);
        assertThatThrownBy(() -> Bench.get(store, firstAt, second.key()))
                .isInstanceOf(TamperedException.class);
        StoredBlob shorter =
                new StoredBlob(
                        firstAt.tenant(),
                        firstAt.blob(),
                        firstAt.dataClass(),
                        firstAt.segment(),
                        firstAt.position(),
                        firstAt.stored(),
                        65536);
        assertThatThrownBy(() -> store.read(READ, shorter, first.key()))
                .isInstanceOf(TamperedException.class);
    }

    @Test
    @Claim({"ATK-100", "FLT-17"})
    void aSegmentThatIsShorterThanItWasIsReportedAndTheRestStillReads() throws Exception {
        store.close();
        edit(bytes -> Arrays.copyOf(bytes, (int) thirdAt.position() + 2_000));
        store = bench.open();
        assertThat(store.opening())
                .anyMatch(one -> one.severity() == Severity.BROKEN && one.invariant().equals("V4"));
        refused(thirdAt, third);
        intact(firstAt, first);
        intact(secondAt, second);
    }

    @Test
    @Claim("FLT-15")
    void oneFlippedBitAnywhereIsFoundAndNeverServed() throws Exception {
        byte[] original = Files.readAllBytes(bench.file(firstAt));
        int end = (int) (secondAt.position() + secondAt.stored());
        int head = bodyOf(secondAt) - (int) secondAt.position();
        for (int at = (int) secondAt.position(); at < end; ) {
            byte[] damaged = original.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            Files.write(bench.file(firstAt), damaged);
            boolean inTrailer = at >= end - 16;
            assertThat(store.check(MAINTAIN, secondAt)).as("bit at %d", at).isPresent();
            if (inTrailer) {
                // The trailer is for who has no key; the body's own seals still hold.
                assertThat(Bench.get(store, secondAt, second.key())).isEqualTo(second.bytes());
            } else {
                assertThatThrownBy(() -> Bench.get(store, secondAt, second.key()))
                        .as("bit at %d", at)
                        .isInstanceOf(TamperedException.class);
            }
            boolean dense = at < secondAt.position() + head + 8 || at > end - 40;
            at += dense ? 3 : 29_973;
            at = !dense && at > end - 40 && at < end - 16 ? end - 40 : at;
        }
        Files.write(bench.file(firstAt), original);
        assertThat(store.doctor(MAINTAIN)).isEmpty();
    }

    @Test
    @Claim("FLT-16")
    void aBlockThatWasWrittenToAnotherPlaceIsFound() throws Exception {
        edit(bytes -> {
            System.arraycopy(bytes, 4096, bytes, 4096 * 30, 4096);
            return bytes;
        });
        refused(firstAt, first);
        intact(secondAt, second);
    }

    @Test
    @Claim("FLT-16")
    void aWholeRecordInAnotherPlaceOrSegmentIsNone() throws Exception {
        byte[] bytes = Files.readAllBytes(bench.file(firstAt));
        int from = (int) thirdAt.position();
        byte[] record = Arrays.copyOfRange(bytes, from, from + (int) thirdAt.stored());
        store.close();
        Path own = bench.file(firstAt);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + record.length);
        System.arraycopy(record, 0, longer, bytes.length, record.length);
        Files.write(own, longer);
        Files.delete(Path.of(own.toString().replace(".seg", ".end")));
        store = bench.open();
        assertThat(Files.size(own)).isEqualTo(bytes.length);
        assertThat(store.counters(DataClass.SENSITIVE).cutTails()).isEqualTo(1);
        intact(thirdAt, third);
    }

    @Test
    @Claim("FLT-17")
    void tornTailsAreCutAfterTheLastValidRecordAndReported() throws Exception {
        store.close();
        Path file = bench.file(firstAt);
        byte[] whole = Files.readAllBytes(file);
        int end = (int) (secondAt.position() + secondAt.stored());
        byte[] zeros = Arrays.copyOf(Arrays.copyOf(whole, end), end + 30_000);
        byte[] garbage = zeros.clone();
        System.arraycopy(bench.randomness.bytes(30_000), 0, garbage, end, 30_000);
        byte[] torn = Arrays.copyOf(whole, whole.length - 1);
        byte[] headOnly = Arrays.copyOf(whole, end + 200);
        byte[] bodyZero = whole.clone();
        Arrays.fill(bodyZero, whole.length - 3_000, whole.length, (byte) 0);
        for (byte[] tail : List.of(zeros, garbage, torn, headOnly, bodyZero)) {
            Files.write(file, tail);
            Files.deleteIfExists(Path.of(file.toString().replace(".seg", ".end")));
            store = bench.open();
            assertThat(Files.size(file)).isEqualTo(end);
            assertThat(store.opening())
                    .singleElement()
                    .matches(one -> one.severity() == Severity.NOTED);
            intact(firstAt, first);
            intact(secondAt, second);
            store.close();
            store = bench.open();
            assertThat(store.opening()).isEmpty();
            assertThat(store.doctor(MAINTAIN)).isEmpty();
            store.close();
        }
    }

    @Test
    @Claim("FLT-17")
    void damageBeforeTheTailIsKeptAndAnAlarm() throws Exception {
        store.close();
        Path file = bench.file(firstAt);
        Files.delete(Path.of(file.toString().replace(".seg", ".end")));
        edit(bytes -> {
            Arrays.fill(bytes, (int) secondAt.position(), 4096 * 60, (byte) 0);
            return Arrays.copyOf(bytes, bytes.length + 500);
        });
        store = bench.open();
        assertThat(store.opening())
                .anyMatch(one -> one.severity() == Severity.BROKEN && one.invariant().equals("V3"));
        assertThat(Files.size(file)).isEqualTo(thirdAt.position() + thirdAt.stored());
        refused(secondAt, second);
        intact(firstAt, first);
        intact(thirdAt, third);
    }
}
