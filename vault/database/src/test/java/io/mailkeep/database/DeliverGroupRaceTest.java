package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mailkeep.database.DropboxCalls.Body;
import io.mailkeep.database.DropboxCalls.Copy;
import io.mailkeep.database.DropboxCalls.Group;
import io.mailkeep.database.DropboxCalls.Result;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.TreeStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many groups at once over the same mailboxes, while pairs are renewed and flags are stored. */
class DeliverGroupRaceTest {
    private static final int THREADS = 8;
    private static final int GROUPS = 40;

    @Test
    @Claim("FLT-25")
    void uidsGrowNothingIsDoubledNothingDeadlocks() throws Exception {
        DatabaseLocation.External location = SharedPostgres.location();
        try (Database database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
                HikariDataSource pool = dropboxes(location);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS + 2)) {
            List<MailboxFixture> mailboxes = mailboxes(database);
            DropboxCalls dropbox =
                    new DropboxCalls(new RoomDatabase(pool, database.fence(), Time.system()));
            AtomicBoolean over = new AtomicBoolean();
            List<Future<Integer>> disturbers =
                    List.of(
                            threads.submit(() -> renewPairs(database, mailboxes.get(0), over)),
                            threads.submit(() -> storeFlags(database, mailboxes.get(1), over)));
            List<Future<Map<UUID, Place>>> deliverers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int seed = thread;
                deliverers.add(threads.submit(() -> deliver(dropbox, mailboxes, seed)));
            }
            Map<UUID, Place> told = new HashMap<>();
            try {
                for (Future<Map<UUID, Place>> one : deliverers) {
                    told.putAll(one.get());
                }
            } finally {
                over.set(true);
            }
            for (Future<Integer> one : disturbers) {
                assertThat(one.get()).as("rounds of a disturber").isPositive();
            }
            Map<UUID, Place> found = new HashMap<>();
            for (MailboxFixture mailbox : mailboxes) {
                found.putAll(stored(database, mailbox));
            }
            assertThat(told).as("what was told and what is there").isEqualTo(found);
            Set<String> uids = new HashSet<>();
            found.values().forEach(p -> uids.add(p.mailbox() + ":" + p.uid()));
            assertThat(uids).as("UIDs given once").hasSize(found.size());
        }
    }

    /** A place as a test compares it. */
    record Place(UUID mailbox, long uid) {}

    private static Map<UUID, Place> deliver(
            DropboxCalls dropbox, List<MailboxFixture> mailboxes, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<UUID, Place> told = new HashMap<>();
        Map<UUID, Long> highest = new HashMap<>();
        for (int group = 0; group < GROUPS; group++) {
            List<Body> bodies = new ArrayList<>();
            List<Copy> copies = new ArrayList<>();
            int size = 1 + random.nextInt(12);
            for (int i = 0; i < size; i++) {
                MailboxFixture mailbox = mailboxes.get(random.nextInt(mailboxes.size()));
                Body body = mailbox.body();
                bodies.add(body);
                copies.add(mailbox.copy(body));
            }
            List<Result> results = dropbox.deliver(new Group(bodies, copies));
            for (int i = 0; i < size; i++) {
                if (results.get(i) instanceof Result.Delivered delivered) {
                    UUID mailbox = copies.get(i).mailbox().value();
                    long uid = delivered.place().uid().value();
                    assertThat(uid).isGreaterThan(highest.getOrDefault(mailbox, 0L));
                    highest.put(mailbox, uid);
                    told.put(copies.get(i).copy().value(), new Place(mailbox, uid));
                } else {
                    assertThat(results.get(i)).isEqualTo(new Result.StalePair());
                }
            }
        }
        return told;
    }

    /** As destroying does: locks the node, renews the pair, drops and tombs a leaf and its row. */
    private static int renewPairs(Database database, MailboxFixture mailbox, AtomicBoolean over) {
        TreeTables tree = new TreeTables(database.room(Room.TREE));
        int rounds = 0;
        while (!over.get()) {
            boolean odd = rounds++ % 2 == 0;
            tree.transact(tx -> {
                tx.node(mailbox.tenant(), mailbox.node(), true);
                List<TreeStore.LeafRow> held = tx.heldBy(mailbox.tenant(), mailbox.node());
                tx.put(mailbox.pairRow(odd ? new KeyId(UUID.randomUUID()) : mailbox.pair()));
                held.stream().limit(5).forEach(tx::put);
                return true;
            });
        }
        return rounds;
    }

    /** As STORE does: takes a MODSEQ under the mailbox's row. */
    private static int storeFlags(Database database, MailboxFixture mailbox, AtomicBoolean over) {
        int rounds = 0;
        while (!over.get()) {
            rounds++;
            database.room(Room.MAILBOX)
                    .runInTenant(
                            mailbox.tenant(),
                            tx -> {
                                long next =
                                        tx.sql()
                                                .sql(
                                                        """
                                                        update mailbox.mailbox
                                                        set mod_seq = mod_seq + 1
                                                        where mailbox_id = ? returning mod_seq\
                                                        """)
                                                .param(mailbox.mailbox().value())
                                                .query(Long.class)
                                                .single();
                                tx.sql()
                                        .sql(
                                                """
                                                update mailbox.message set flags = 1, mod_seq = ?
                                                where mailbox_id = ? and uid <= 3\
                                                """)
                                        .params(next, mailbox.mailbox().value())
                                        .update();
                            });
        }
        return rounds;
    }

    private static List<MailboxFixture> mailboxes(Database database) {
        TenantId shared = new TenantId(UUID.randomUUID());
        List<MailboxFixture> mailboxes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TenantId tenant = i < 3 ? shared : new TenantId(UUID.randomUUID());
            mailboxes.add(MailboxFixture.create(database, tenant));
        }
        return mailboxes;
    }

    private static Map<UUID, Place> stored(Database database, MailboxFixture mailbox) {
        return database.room(Room.MAILBOX)
                .inTenant(
                        mailbox.tenant(),
                        tx -> {
                            Map<UUID, Place> rows = new HashMap<>();
                            tx.sql()
                                    .sql(
                                            """
                                            select copy_id, uid from mailbox.message
                                            where mailbox_id = ?\
                                            """)
                                    .param(mailbox.mailbox().value())
                                    .query(row -> {
                                        rows.put(
                                                row.getObject(1, UUID.class),
                                                new Place(
                                                        mailbox.mailbox().value(), row.getLong(2)));
                                    });
                            return rows;
                        });
    }

    /** More connections than the room has in production, under its role. */
    private static HikariDataSource dropboxes(DatabaseLocation.External location) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(location.url());
        config.setUsername(location.owner());
        byte[] password = location.password().exposeSecretBytes();
        config.setPassword(new String(password, java.nio.charset.StandardCharsets.UTF_8));
        config.setConnectionInitSql("set session authorization mk_dropbox");
        config.setMaximumPoolSize(THREADS);
        config.addDataSourceProperty("prepareThreshold", "1");
        return new HikariDataSource(config);
    }
}
