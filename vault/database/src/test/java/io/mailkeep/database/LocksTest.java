package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TreeStore;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What has to wait for whom: one transaction stands in the middle, another one comes. */
class LocksTest {
    private static DatabaseLocation.External location;
    private static Database database;
    private static TreeTables tree;

    private MailboxFixture one;

    @BeforeAll
    static void open() {
        location = SharedPostgres.location();
        database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
        tree = new TreeTables(database.room(Room.TREE));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void mailbox() {
        one = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
    }

    /** The epoch doesn't change under who goes by it. */
    @Test
    void theEpochStandsWhileSomebodyGoesByIt() throws Exception {
        tree.transact(tx -> {
            tx.put(new TreeStore.State(5, 4));
            return true;
        });
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<TreeStore.State>> going =
                    threads.submit(() ->
                            tree.transact(tx -> {
                                tx.state();
                                read.countDown();
                                Waiting.await(commit);
                                return tx.state();
                            }));
            Waiting.await(read);
            Future<Boolean> changing =
                    threads.submit(() ->
                            tree.transact(tx -> {
                                tx.put(new TreeStore.State(6, 5));
                                return true;
                            }));
            try {
                assertThatThrownBy(() -> changing.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                commit.countDown();
            }
            assertThat(going.get()).contains(new TreeStore.State(5, 4));
            assertThat(changing.get()).isTrue();
        }
    }

    /** As COPY does: the copy is being made while the last other one is forgotten. */
    @Test
    @Claim("DAT-5")
    void aBodyThatIsBeingCopiedStays() throws Exception {
        DropboxCalls.Group group = one.group();
        new DropboxCalls(database.room(Room.DROPBOX)).deliver(group);
        CountDownLatch copied = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> copying =
                    threads.submit(() ->
                            database.room(Room.MAILBOX)
                                    .inTenant(
                                            one.tenant(),
                                            tx -> {
                                                copyRow(tx);
                                                copied.countDown();
                                                Waiting.await(commit);
                                                return true;
                                            }));
            Waiting.await(copied);
            Future<?> forgetting =
                    threads.submit(() -> one.forget(tree, group.deliveries().getFirst().copy()));
            try {
                assertThatThrownBy(() -> forgetting.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                commit.countDown();
            }
            assertThat(copying.get()).isTrue();
            forgetting.get();
        }
        assertThat(one.bodies(database)).isOne();
    }

    private static void copyRow(Tx tx) {
        tx.sql()
                .sql(
                        """
                        insert into mailbox.message select tenant_id, mailbox_id, gen_random_uuid(), folder_id,
                            uid + 1, mod_seq, flags, keywords, received_at, saved_at, size, blob_id, data_class, meta,
                            hidden_at
                        from mailbox.message\
                        """)
                .update();
    }

    /** A copy never lies under a pair that was renewed: nobody would re-wrap it (keytree). */
    @Test
    @Claim("DAT-5")
    void aPairIsntRenewedWhileADeliveryRestsOnIt() throws Exception {
        DropboxCalls calls = new DropboxCalls(database.room(Room.DROPBOX));
        try (Connection owner = SharedPostgres.owner(location);
                Statement statement = owner.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            owner.setAutoCommit(false);
            statement.execute("select from mailbox.folder for update");
            Future<List<DropboxCalls.Result>> delivering =
                    threads.submit(() -> calls.deliver(one.group()));
            Waiting.untilLocked(owner, delivering);
            Future<Boolean> renewing =
                    threads.submit(() ->
                            tree.transact(tx -> {
                                tx.put(one.pairRow(new KeyId(UUID.randomUUID())));
                                return true;
                            }));
            try {
                assertThatThrownBy(() -> renewing.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                owner.rollback();
            }
            assertThat(delivering.get().getFirst())
                    .isInstanceOf(DropboxCalls.Result.Delivered.class);
            assertThat(renewing.get()).isTrue();
        }
    }
}
