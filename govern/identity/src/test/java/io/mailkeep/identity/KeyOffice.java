package io.mailkeep.identity;

import io.mailkeep.audit.AuditLimits;
import io.mailkeep.audit.AuditLog;
import io.mailkeep.audit.CheckpointKey;
import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Outbox;
import io.mailkeep.audit.RememberedCheckpoint;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.KeyAdmin;
import io.mailkeep.keys.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The administration of a house's keys, with an open audit log of its own: none, no key action. */
final class KeyOffice implements AutoCloseable {
    final KeyAdmin admin;
    private final AuditLog log;

    KeyOffice(Keys keys, Path folder) throws IOException {
        Kept kept = new Kept();
        Trail trail = new Trail(kept, keys.subjects(), Time.system(), Randomness.system());
        log =
                AuditLog.open(
                        Files.createDirectories(folder.resolve("log-a")),
                        Files.createDirectories(folder.resolve("log-b")),
                        SharedPostgres.INSTALLATION,
                        CheckpointKey.generate(SharedPostgres.INSTALLATION),
                        kept,
                        kept,
                        trail,
                        Time.system(),
                        AuditLimits.DEFAULT);
        admin = keys.admin(trail);
    }

    @Override
    public void close() {
        log.close();
    }

    /** An outbox and a checkpoint in memory. */
    private static final class Kept implements Outbox, RememberedCheckpoint {
        private final Map<UUID, Entry> waiting = new ConcurrentHashMap<>();
        private volatile Optional<String> checkpoint = Optional.empty();

        @Override
        public void append(List<Entry> entries) {
            entries.forEach(entry -> waiting.put(entry.id(), entry));
        }

        @Override
        public List<Entry> take(int limit) {
            return waiting.values().stream().limit(limit).toList();
        }

        @Override
        public void published(Collection<UUID> ids) {
            waiting.keySet().removeAll(ids);
        }

        @Override
        public Backlog backlog() {
            return new Backlog(waiting.size(), Duration.ZERO);
        }

        @Override
        public Optional<String> read() {
            return checkpoint;
        }

        @Override
        public void write(String newest) {
            checkpoint = Optional.of(newest);
        }
    }
}
