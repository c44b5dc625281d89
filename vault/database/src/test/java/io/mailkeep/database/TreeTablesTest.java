package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TreeStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The key tree's rows, and the functions by which other rooms add to and take from them. */
class TreeTablesTest {
    private static Database database;
    private static TreeTables tree;
    private MailboxFixture one;
    private MailboxFixture two;

    @BeforeAll
    static void open() {
        database = SharedPostgres.database();
        tree = new TreeTables(database.room(Room.TREE));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void mailboxes() {
        one = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
        two = MailboxFixture.create(database, new TenantId(UUID.randomUUID()));
    }

    @Test
    void oneTransactionMayChangeSeveralTenantsOrNone() {
        assertThatThrownBy(() ->
                        tree.transact(tx -> {
                            tx.tomb(one.tenant(), List.of(new UUID(1, 1)), 1, 7);
                            tx.tomb(two.tenant(), List.of(new UUID(2, 2)), 1, 7);
                            throw new IllegalArgumentException("not today");
                        }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(rows(tx -> tx.tombs(one.tenant(), 1))).isEmpty();
        tree.transact(tx -> {
            tx.tomb(one.tenant(), List.of(new UUID(1, 1)), 1, 7);
            tx.tomb(two.tenant(), List.of(new UUID(2, 2)), 1, 7);
            tx.tomb(one.tenant(), List.of(new UUID(1, 1)), 2, 8);
            return true;
        });
        assertThat(rows(tx -> tx.tombs(one.tenant(), 2)))
                .containsExactly(new TreeStore.TombRow(one.tenant(), new UUID(1, 1), 2, 8));
        assertThat(rows(tx -> tx.tombs(two.tenant(), 1)))
                .containsExactly(new TreeStore.TombRow(two.tenant(), new UUID(2, 2), 1, 7));
        assertThat(rows(TreeStore.Tx::tenants)).contains(one.tenant(), two.tenant());
    }

    @Test
    void rowsComeBackAsTheyWentIn() {
        TreeStore.NodeRow top =
                new TreeStore.NodeRow(
                        one.tenant(),
                        one.top(),
                        Optional.empty(),
                        TreeStore.NodeKind.TENANT,
                        Optional.empty(),
                        Optional.empty(),
                        new KeyId(UUID.randomUUID()),
                        MailboxFixture.bytes("top"),
                        true,
                        true,
                        Optional.of(new UUID(3, 3)));
        tree.transact(tx -> {
            tx.put(new TreeStore.State(4, 3));
            tx.put(new TreeStore.State(5, 4));
            tx.put(top);
            return true;
        });
        assertThat(row(TreeStore.Tx::state)).contains(new TreeStore.State(5, 4));
        assertThat(row(tx -> tx.node(one.tenant(), one.top(), true)).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(top);
        assertThat(
                        row(tx ->
                                        tx.find(
                                                one.tenant(),
                                                TreeStore.NodeKind.TENANT,
                                                Optional.empty(),
                                                Optional.empty()))
                                .orElseThrow()
                                .node())
                .isEqualTo(one.top());
        assertThat(rows(tx -> tx.dirty(one.tenant()))).hasSize(1);
        assertThat(rows(tx -> tx.children(one.tenant(), one.top(), false)))
                .extracting(TreeStore.NodeRow::node)
                .containsExactly(one.node());
        assertThat(row(tx -> tx.pair(one.tenant(), one.node())).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(one.pairRow(one.pair()));
        assertThat(row(tx -> tx.node(two.tenant(), one.top(), false))).isEmpty();

        TreeStore.LeafRow leaf = leaf(UUID.randomUUID(), "wrap one");
        TreeStore.LeafRow other = leaf(leaf.leaf(), "wrap two");
        tree.transact(tx -> {
            tx.put(leaf);
            return true;
        });
        assertThat(yes(tx -> tx.replace(other, leaf))).as("not what is there").isFalse();
        assertThat(yes(tx -> tx.replace(leaf, other))).isTrue();
        assertThat(rows(tx -> tx.leaves(one.tenant(), List.of(leaf.leaf()))).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(other);
        TreeStore.LeafRow second = leaf(UUID.randomUUID(), "of the second");
        tree.transact(tx -> {
            tx.put(second);
            return true;
        });
        Map<TreeStore.LeafRow, TreeStore.LeafRow> both =
                Map.of(leaf, other, second, leaf(second.leaf(), "re-wrapped"));
        assertThat(tree.transact(tx -> tx.replace(one.tenant(), both)).intValue())
                .as("the first isn't what it was")
                .isEqualTo(1);
        assertThat(tree.transact(tx -> tx.countHeldBy(one.tenant(), one.bucket())).intValue())
                .isEqualTo(2);
        tree.transact(tx -> {
            tx.removeLeaves(one.tenant(), List.of(second.leaf()));
            return true;
        });
        tree.transact(tx -> {
            tx.removeLeaves(one.tenant(), List.of(leaf.leaf()));
            tx.remove(one.tenant(), one.node());
            return true;
        });
        assertThat(rows(tx -> tx.heldBy(one.tenant(), one.bucket()))).isEmpty();
        assertThat(row(tx -> tx.pair(one.tenant(), one.node()))).isEmpty();
    }

    @Test
    void aLeafWrappedUnderAKeyThatIsGoneIsRefused() {
        RoomDatabase mailbox = database.room(Room.MAILBOX);
        KeyId current = MailboxFixture.keyOf(one.bucket());
        putLeaf(mailbox, LeafKind.FOLDER_NAME, one.bucket(), current);
        putLeaf(mailbox, LeafKind.COPY_TAIL, one.node(), one.pair());
        for (LeafKind kind : LeafKind.values()) {
            assertThatThrownBy(() ->
                            putLeaf(mailbox, kind, one.bucket(), new KeyId(UUID.randomUUID())))
                    .as(kind.name())
                    .isInstanceOf(HolderRekeyed.class);
        }
        assertThatThrownBy(() ->
                        putLeaf(
                                mailbox,
                                LeafKind.FOLDER_NAME,
                                new NodeId(UUID.randomUUID()),
                                current))
                .as("a holder that isn't there")
                .isInstanceOf(HolderRekeyed.class);
    }

    /** A tail's holder is the mailbox's pair, any other's the node. */
    @ParameterizedTest
    @EnumSource(names = {"FOLDER_NAME", "COPY_TAIL"})
    void aHolderIsntRekeyedWhileALeafIsBeingPutUnderIt(LeafKind kind) throws Exception {
        boolean tail = kind == LeafKind.COPY_TAIL;
        NodeId holder = tail ? one.node() : one.bucket();
        KeyId key = tail ? one.pair() : MailboxFixture.keyOf(holder);
        RoomDatabase mailbox = database.room(Room.MAILBOX);
        CountDownLatch put = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> putting =
                    threads.submit(() ->
                            mailbox.inTenant(
                                    one.tenant(),
                                    tx -> {
                                        putLeaf(tx, kind, holder, key);
                                        put.countDown();
                                        Waiting.await(commit);
                                        return true;
                                    }));
            Waiting.await(put);
            Future<Integer> rekeying =
                    threads.submit(() ->
                            rows(
                                            tx -> {
                                                if (tail) {
                                                    tx.put(
                                                            one.pairRow(
                                                                    new KeyId(UUID.randomUUID())));
                                                } else {
                                                    tx.node(one.tenant(), holder, true);
                                                }
                                                return tx.heldBy(one.tenant(), holder);
                                            })
                                    .size());
            try {
                assertThatThrownBy(() -> rekeying.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                commit.countDown();
            }
            assertThat(putting.get()).isTrue();
            assertThat(rekeying.get()).as("leaves seen by the re-keying").isEqualTo(1);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Re-keying holds the mailbox's node, then its buckets, then reads and rewrites leaves. Whoever
     * takes a leaf out waits at the first of these, with nothing in hand that re-keying wants.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "drop_leaf(?, ?); false",
                "drop_leaf(?, ?); true",
                "supersede(?, ?, gen_random_uuid()); false",
                "supersede(?, ?, gen_random_uuid()); true"
            })
    void whoTakesALeafOutAndReKeyingDontWaitForEachOther(String taking, boolean atTheBuckets)
            throws Exception {
        KeyId key = MailboxFixture.keyOf(one.bucket());
        UUID leaf = putLeaf(database.room(Room.MAILBOX), LeafKind.COPY_SETTLED, one.bucket(), key);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> rekeying =
                    threads.submit(() ->
                            yes(tx -> {
                                tx.node(one.tenant(), one.node(), true);
                                if (atTheBuckets) {
                                    tx.children(one.tenant(), one.node(), true);
                                }
                                locked.countDown();
                                Waiting.await(waiting);
                                tx.children(one.tenant(), one.node(), true);
                                TreeStore.LeafRow held =
                                        tx.heldBy(one.tenant(), one.bucket()).getFirst();
                                return tx.replace(held, leaf(leaf, "under the new key"));
                            }));
            Waiting.await(locked);
            Future<?> gone =
                    threads.submit(() ->
                            call(
                                    Room.MAILBOX,
                                    "select tree." + taking,
                                    one.tenant().value(),
                                    leaf));
            try {
                assertThatThrownBy(() -> gone.get(500, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            } finally {
                waiting.countDown();
            }
            assertThat(rekeying.get()).as("the leaf is under the new key first").isTrue();
            gone.get();
        }
        assertThat(rows(tx -> tx.leaves(one.tenant(), List.of(leaf)))).isEmpty();
        assertThat(dirty()).contains(one.bucket());
    }

    @Test
    void aDroppedLeafLeavesItsHolderDirtyAndATomb() {
        UUID leaf =
                putLeaf(
                        database.room(Room.MAILBOX),
                        LeafKind.FOLDER_NAME,
                        one.bucket(),
                        MailboxFixture.keyOf(one.bucket()));
        call(Room.MAILBOX, "select tree.drop_leaf(?, ?)", one.tenant().value(), leaf);
        call(Room.MAILBOX, "select tree.drop_leaf(?, ?)", one.tenant().value(), leaf);
        assertThat(rows(tx -> tx.leaves(one.tenant(), List.of(leaf)))).isEmpty();
        assertThat(dirty()).containsExactly(one.bucket());
        assertThat(rows(tx -> tx.tombs(one.tenant(), 1)))
                .extracting(TreeStore.TombRow::leaf)
                .containsExactly(leaf);
    }

    @Test
    void aSupersededCopyLeavesItsBucketAndItsMailboxsNodeDirty() {
        UUID before =
                putLeaf(
                        database.room(Room.MAILBOX),
                        LeafKind.COPY_SETTLED,
                        one.bucket(),
                        MailboxFixture.keyOf(one.bucket()));
        UUID after = UUID.randomUUID();
        UUID tenant = one.tenant().value();
        call(Room.MAILBOX, "select tree.supersede(?, ?, ?)", tenant, before, after);
        assertThat(dirty()).containsExactlyInAnyOrder(one.bucket(), one.node());
        assertThat(rows(tx -> tx.successors(one.tenant(), List.of(before, after))))
                .containsExactly(new TreeStore.SuccRow(one.tenant(), before, after));
        assertThatThrownBy(() ->
                        call(
                                Room.MAILBOX,
                                "select tree.supersede(?, ?, ?)",
                                tenant,
                                UUID.randomUUID(),
                                after))
                .as("a copy that isn't there")
                .isInstanceOf(org.springframework.dao.DataAccessException.class);
    }

    @Test
    @Claim("DAT-5")
    void forgottenCopiesTakeTheBodyAlongOnlyWithTheLastOne() {
        DropboxCalls.Body body = one.body();
        DropboxCalls.Copy first = one.copy(body);
        DropboxCalls.Copy second = one.copy(body);
        new DropboxCalls(database.room(Room.DROPBOX))
                .deliver(new DropboxCalls.Group(List.of(body), List.of(first, second)));
        one.forget(tree, first.copy());
        assertThat(one.bodies(database)).isEqualTo(1);
        one.forget(tree, second.copy());
        one.forget(tree, second.copy());
        assertThat(one.bodies(database)).isZero();
    }

    @Test
    void hiddenCopiesAreListedOnceTheirTimeIsUp() {
        DropboxCalls.Group group = one.group();
        new DropboxCalls(database.room(Room.DROPBOX)).deliver(group);
        CopyId copy = group.deliveries().getFirst().copy();
        database.room(Room.MAILBOX)
                .runInTenant(
                        one.tenant(),
                        tx ->
                                tx.sql()
                                        .sql("update mailbox.message set hidden_at = ?")
                                        .param(MailboxFixture.utc())
                                        .update());
        assertThat(rows(tx -> tx.hiddenCopies(one.tenant(), MailboxFixture.NOW))).isEmpty();
        assertThat(rows(tx -> tx.hiddenCopies(one.tenant(), MailboxFixture.NOW.plusMillis(1))))
                .containsExactly(
                        new TreeStore.HiddenCopy(
                                one.tenant(),
                                one.mailbox(),
                                io.mailkeep.kernel.DataClass.SENSITIVE,
                                copy));
    }

    private TreeStore.LeafRow leaf(UUID id, String wrap) {
        return new TreeStore.LeafRow(
                one.tenant(),
                id,
                LeafKind.COPY_SETTLED,
                one.bucket(),
                MailboxFixture.keyOf(one.bucket()),
                MailboxFixture.bytes(wrap));
    }

    private List<NodeId> dirty() {
        return rows(tx -> tx.dirty(one.tenant())).stream().map(TreeStore.NodeRow::node).toList();
    }

    private UUID putLeaf(RoomDatabase room, LeafKind kind, NodeId holder, KeyId key) {
        return room.inTenant(one.tenant(), tx -> putLeaf(tx, kind, holder, key));
    }

    private UUID putLeaf(Tx tx, LeafKind kind, NodeId holder, KeyId key) {
        UUID leaf = UUID.randomUUID();
        tx.sql()
                .sql("select tree.put_leaf(?, ?, ?::smallint, ?, ?, ?)")
                .params(
                        one.tenant().value(),
                        leaf,
                        kind.code(),
                        holder.value(),
                        key.value(),
                        MailboxFixture.bytes("wrap"))
                .query((row, n) -> true)
                .list();
        return leaf;
    }

    private void call(Room room, String sql, Object... parameters) {
        database.room(room)
                .runInTenant(
                        one.tenant(),
                        tx -> tx.sql().sql(sql).params(parameters).query((row, n) -> true).list());
    }

    private static <R> List<R> rows(Function<TreeStore.Tx, List<R>> work) {
        return tree.transact(work);
    }

    private static <R> Optional<R> row(Function<TreeStore.Tx, Optional<R>> work) {
        return tree.transact(work);
    }

    private static boolean yes(Function<TreeStore.Tx, Boolean> work) {
        return tree.transact(work);
    }
}
