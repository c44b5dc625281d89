package io.mailkeep.audit;

import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A log in a temporary folder, with its ports in memory. */
final class Logs {
    static final AuditLimits QUICK = quick(65_536);

    /** Quick limits with which a start looks at so many entries. */
    static AuditLimits quick(int verifyAtStart) {
        return new AuditLimits(
                100,
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                Duration.ofMillis(600),
                Duration.ofMillis(100),
                512,
                verifyAtStart);
    }

    final Path a;
    final Path b;
    final InstallationId installation = new InstallationId(new UUID(1, 2));
    final CheckpointKey key = CheckpointKey.generate(installation);
    final Kept kept = new Kept();
    final Rows rows = new Rows();
    final Sealing sealing = new Sealing();
    final Time time = Time.system();
    final Randomness random = Randomness.of(new SplittableRandom(6));
    final Trail trail = new Trail(rows, sealing, time, random);

    Logs(Path folder) {
        a = folder.resolve("a");
        b = folder.resolve("b");
    }

    AuditLog open() {
        return open(QUICK);
    }

    AuditLog open(AuditLimits limits) {
        return AuditLog.open(a, b, installation, key, kept, rows, trail, time, limits);
    }

    static Event event(String object) {
        return Event.granted(
                EventType.ACCOUNT_ADDED, Event.INSTALLATION, "operator", object, Map.of("n", "1"));
    }

    /** Opens, publishes this many entries, closes. */
    void publish(int entries) {
        try (AuditLog log = open()) {
            long want = log.size() + entries;
            for (int entry = 0; entry < entries; entry++) {
                trail.record(event("account " + entry));
            }
            until(() -> log.size() >= want && rows.empty());
        }
    }

    LogVerifier.Verdict verify() {
        return LogVerifier.verify(List.of(a, b), key.verifierKey(), kept.read(), time);
    }

    void until(BooleanSupplier condition) {
        long end = time.nanos() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (time.nanos() > end) {
                throw new AssertionError("didn't happen within 20 s");
            }
            try {
                time.sleep(Duration.ofMillis(5));
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }
    }

    static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            delete(to);
        }
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one).toString()));
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /** The key device, in memory. */
    static final class Kept implements RememberedCheckpoint {
        volatile Optional<String> checkpoint = Optional.empty();

        @Override
        public Optional<String> read() {
            return checkpoint;
        }

        @Override
        public void write(String more) {
            checkpoint = Optional.of(more);
        }
    }

    /** The outbox, in memory. */
    static final class Rows implements Outbox {
        private final Map<UUID, Entry> entries = new LinkedHashMap<>();
        volatile boolean forgets = true;
        volatile boolean away;
        volatile Duration oldest = Duration.ZERO;

        @Override
        public synchronized void append(List<Entry> more) {
            if (away) {
                throw new Unavailable(Problem.temporary("away", "away"));
            }
            more.forEach(entry -> entries.put(entry.id(), entry));
        }

        @Override
        public synchronized List<Entry> take(int limit) {
            return entries.values().stream().limit(limit).toList();
        }

        @Override
        public synchronized void published(Collection<UUID> ids) {
            if (!forgets) {
                throw new Unavailable(Problem.temporary("away", "away"));
            }
            ids.forEach(entries::remove);
        }

        @Override
        public synchronized Backlog backlog() {
            if (away) {
                throw new Unavailable(Problem.temporary("away", "away"));
            }
            return new Backlog(entries.size(), oldest);
        }

        synchronized boolean empty() {
            return entries.isEmpty();
        }

        synchronized List<Entry> all() {
            return new ArrayList<>(entries.values());
        }
    }

    /** Seals by turning bytes around: enough to see that clear text never passes. */
    static final class Sealing implements SubjectCipher {
        volatile boolean sealed;

        @Override
        public Optional<byte[]> seal(TenantId tenant, SubjectId subject, byte[] clear) {
            return sealed ? Optional.empty() : Optional.of(turned(clear));
        }

        @Override
        public Optional<byte[]> open(TenantId tenant, SubjectId subject, byte[] bytes) {
            return sealed ? Optional.empty() : Optional.of(turned(bytes));
        }

        private static byte[] turned(byte[] bytes) {
            byte[] turned = bytes.clone();
            for (int at = 0; at < turned.length; at++) {
                turned[at] ^= (byte) 0xa5;
            }
            return turned;
        }
    }

    static Instant at(int second) {
        return Instant.parse("2026-11-24T00:00:00Z").plusSeconds(second);
    }
}
