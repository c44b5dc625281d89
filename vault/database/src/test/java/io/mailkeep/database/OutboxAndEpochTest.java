package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Outbox;
import io.mailkeep.kernel.Claim;
import io.mailkeep.tickets.EpochStore;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two tables that belong to no tenant: what waits for the audit log, and what was revoked. */
class OutboxAndEpochTest {
    private DatabaseLocation.External location;
    private Database database;
    private OutboxTable outbox;
    private EpochTable epochs;

    @BeforeEach
    void open() {
        location = SharedPostgres.location();
        database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
        outbox = new OutboxTable(database.room(Room.AUDIT));
        epochs = new EpochTable(database.room(Room.TICKETS));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void entriesWaitInTheirOrderUntilTheyArePublished() {
        List<Entry> first = entries(3);
        List<Entry> second = entries(2);
        assertThat(outbox.backlog()).isEqualTo(new Outbox.Backlog(0, Duration.ZERO));
        outbox.append(first);
        outbox.append(second);
        assertThat(ids(outbox.take(10)))
                .isEqualTo(
                        ids(
                                List.of(
                                        first.get(0),
                                        first.get(1),
                                        first.get(2),
                                        second.get(0),
                                        second.get(1))));
        assertThat(outbox.take(10).getFirst().bytes()).isEqualTo(first.getFirst().bytes());
        assertThat(outbox.take(10).getFirst().at())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(outbox.backlog().entries()).isEqualTo(5);
        outbox.published(List.of(second.get(0).id(), second.get(1).id(), UUID.randomUUID()));
        assertThat(ids(outbox.take(10))).isEqualTo(ids(first));
    }

    @Test
    void aRowThatIsTakenAndPublishedInPartKeepsTheRest() {
        List<Entry> row = entries(5);
        outbox.append(row);
        List<Entry> taken = outbox.take(2);
        assertThat(ids(taken)).isEqualTo(ids(row.subList(0, 2)));
        outbox.published(ids(taken));
        assertThat(ids(outbox.take(10))).isEqualTo(ids(row.subList(2, 5)));
        outbox.published(List.of(row.get(3).id()));
        assertThat(ids(outbox.take(10))).isEqualTo(List.of(row.get(2).id(), row.get(4).id()));
        assertThat(outbox.backlog().entries()).isEqualTo(2);
        outbox.published(ids(row));
        assertThat(outbox.backlog().entries()).isZero();
        outbox.published(List.of());
    }

    /** By its age the gate closes when the log stands still. */
    @Test
    @Claim("DAT-6")
    void theBacklogIsAsOldAsItsFirstEntry() {
        outbox.append(entries(1));
        database.room(Room.AUDIT)
                .runWithoutTenant(tx ->
                        tx.sql()
                                .sql("update audit.outbox set at = at - interval '1 hour'")
                                .update());
        outbox.append(entries(1));
        assertThat(outbox.backlog().oldest())
                .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(62));
    }

    @Test
    @Claim("ATK-100")
    void whatIsPublishedAndWhatWaitsIsAccountedForOnce() {
        List<Entry> row = entries(5);
        outbox.append(row);
        assertThat(outbox.accountedFor()).isEqualTo(5);
        outbox.published(ids(row.subList(0, 2)));
        outbox.published(ids(row.subList(0, 2)));
        assertThat(outbox.accountedFor()).isEqualTo(5);
        outbox.append(entries(1));
        outbox.published(ids(row));
        assertThat(outbox.accountedFor()).isEqualTo(6);
        outbox.accountFor(40);
        outbox.accountFor(7);
        assertThat(outbox.accountedFor()).isEqualTo(41);
    }

    @Test
    @Claim("ATK-86")
    void anEpochOnlyGrows() {
        UUID subject = UUID.randomUUID();
        assertThat(epochs.current(subject)).isZero();
        assertThat(epochs.raise(subject)).isEqualTo(1);
        assertThat(epochs.raise(subject)).isEqualTo(2);
        assertThat(epochs.current(subject)).isEqualTo(2);
        List<EpochStore.Change> changes = epochs.since(0);
        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().subject()).isEqualTo(subject);
        assertThat(changes.getFirst().epoch()).isEqualTo(2);
        long number = changes.getFirst().number();
        assertThat(epochs.since(number)).isEmpty();
        assertThat(epochs.raise(subject)).isEqualTo(3);
        assertThat(epochs.since(number))
                .as("seen by who looks on from the last")
                .extracting(EpochStore.Change::epoch)
                .containsExactly(3L);
    }

    /**
     * A number drawn early and committed late would never be seen by who looks on from the last.
     */
    @Test
    @Claim("ATK-86")
    void nobodyWhoFollowsTheNumbersMissesARevocation() throws Exception {
        int threads = 4;
        int each = 25;
        AtomicBoolean over = new AtomicBoolean();
        Set<UUID> raised = new HashSet<>();
        Set<UUID> seen = new HashSet<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads + 1)) {
            Future<Long> follower =
                    pool.submit(() -> {
                        long number = 0;
                        while (true) {
                            boolean last = over.get();
                            for (EpochStore.Change change : epochs.since(number)) {
                                seen.add(change.subject());
                                number = change.number();
                            }
                            if (last) {
                                return number;
                            }
                        }
                    });
            List<Future<List<UUID>>> raisers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                raisers.add(
                        pool.submit(() -> {
                            List<UUID> mine = new ArrayList<>();
                            for (int k = 0; k < each; k++) {
                                UUID subject = UUID.randomUUID();
                                epochs.raise(subject);
                                mine.add(subject);
                            }
                            return mine;
                        }));
            }
            for (Future<List<UUID>> one : raisers) {
                raised.addAll(one.get());
            }
            over.set(true);
            assertThat(follower.get()).isPositive();
        }
        assertThat(seen).containsAll(raised).hasSize(threads * each);
    }

    @Test
    @Claim("ATK-86")
    void aRevocationWaitsForOneThatDrewItsNumberBefore() throws Exception {
        try (Connection owner = SharedPostgres.owner(location);
                Statement statement = owner.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            owner.setAutoCommit(false);
            statement.execute("insert into tickets.epoch values (gen_random_uuid(), 1)");
            Future<Long> later = threads.submit(() -> epochs.raise(UUID.randomUUID()));
            try {
                assertThatThrownBy(() -> later.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                owner.commit();
            }
            assertThat(later.get()).isEqualTo(1);
        }
    }

    private static List<Entry> entries(int count) {
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(MailboxFixture.entry("entry " + i));
        }
        return all;
    }

    private static List<UUID> ids(List<Entry> entries) {
        return entries.stream().map(Entry::id).toList();
    }
}
