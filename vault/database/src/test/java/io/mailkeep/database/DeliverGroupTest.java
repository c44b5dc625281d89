package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Entry;
import io.mailkeep.database.DropboxCalls.Body;
import io.mailkeep.database.DropboxCalls.Copy;
import io.mailkeep.database.DropboxCalls.Group;
import io.mailkeep.database.DropboxCalls.Result;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One group, all its rows: what each delivery meets, and that nothing is stored twice or by half.
 */
class DeliverGroupTest {
    private static DatabaseLocation.External location;
    private static Database database;
    private static DropboxCalls dropbox;
    private MailboxFixture one;
    private MailboxFixture two;

    @BeforeAll
    static void open() {
        location = SharedPostgres.location();
        database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
        dropbox = new DropboxCalls(database.room(Room.DROPBOX));
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
    void storesRowsLeavesBodiesAndAuditOfAllTenantsAtOnce() {
        Body first = one.body();
        Body second = two.body();
        List<Copy> copies =
                List.of(one.copy(first), two.copy(second), one.copy(first), two.copy(second));
        List<Entry> before = outbox();
        List<Result> results = dropbox.deliver(new Group(List.of(first, second), copies));
        assertThat(results)
                .containsExactly(
                        delivered(one, 1, 2),
                        delivered(two, 1, 2),
                        delivered(one, 2, 3),
                        delivered(two, 2, 3));
        assertThat(rows(one)).isEqualTo("1:2:8:3298534883328:830,2:3:8:3298534883328:830");
        assertThat(rows(two)).isEqualTo("1:2:8:3298534883328:830,2:3:8:3298534883328:830");
        assertThat(counters(one)).isEqualTo("mailbox 3, folder next 3 modseq 3");
        assertThat(leaves(one)).isEqualTo(2);
        assertThat(bodies(one)).isEqualTo(1);
        assertThat(outbox())
                .hasSize(before.size() + 4)
                .extracting(Entry::id)
                .containsAll(copies.stream().map(copy -> copy.audit().id()).toList());
    }

    @Test
    @Claim("FLT-23")
    void whatIsThereAlreadySaysSoAndIsStoredOnce() {
        Group group = one.group();
        assertThat(dropbox.deliver(group)).containsExactly(delivered(one, 1, 2));
        assertThat(dropbox.deliver(group)).containsExactly(already(one, 1, 2));
        Copy twice = one.copy(group.bodies().getFirst());
        assertThat(dropbox.deliver(new Group(group.bodies(), List.of(twice, twice))))
                .containsExactly(delivered(one, 2, 3), already(one, 2, 3));
        assertThat(rows(one)).isEqualTo("1:2:8:3298534883328:830,2:3:8:3298534883328:830");
        assertThat(outbox().stream().filter(entry -> entry.id().equals(twice.audit().id())))
                .hasSize(1);
    }

    @Test
    void anIdOutlivesItsRow() {
        Group group = one.group();
        CopyId copy = group.deliveries().getFirst().copy();
        dropbox.deliver(group);
        tree(tx -> tx.forgetCopies(one.tenant(), one.mailbox(), List.of(copy)));
        tree(tx -> tx.removeLeaves(one.tenant(), List.of(copy.value())));
        tree(tx -> tx.tomb(one.tenant(), List.of(copy.value()), 1, 4));
        assertThat(bodies(one)).isZero();
        assertThat(dropbox.deliver(group)).containsExactly(new Result.Already(Optional.empty()));
        assertThat(rows(one)).isEmpty();

        Group moved = one.group();
        CopyId before = moved.deliveries().getFirst().copy();
        dropbox.deliver(moved);
        database.room(Room.MAILBOX)
                .runInTenant(
                        one.tenant(),
                        tx -> {
                            tx.sql()
                                    .sql("select tree.supersede(?, ?, ?)")
                                    .params(one.tenant().value(), before.value(), new UUID(9, 9))
                                    .query((row, n) -> true)
                                    .list();
                            tx.sql()
                                    .sql("delete from mailbox.message where copy_id = ?")
                                    .param(before.value())
                                    .update();
                        });
        assertThat(dropbox.deliver(moved)).containsExactly(new Result.Already(Optional.empty()));
    }

    @Test
    void refusedOnesLeaveNothingBehindAndHinderNoOther() {
        Body body = one.body();
        Body unused = one.body();
        Copy good = one.copy(body);
        Copy stale = with(one.copy(body), new KeyId(UUID.randomUUID()), one.node());
        Copy borrowed = with(one.copy(body), two.pair(), two.node());
        Copy lost = into(one.copy(unused), Optional.of(new FolderId(UUID.randomUUID())));
        Copy nobody = to(one.copy(unused), new MailboxId(UUID.randomUUID()));
        Copy withdrawn = standing(one.copy(unused), OptionalLong.of(2));
        Copy own = standing(one.copy(body), OptionalLong.empty());
        List<Result> results =
                dropbox.deliver(
                        new Group(
                                List.of(body, unused),
                                List.of(stale, good, borrowed, lost, nobody, withdrawn, own)));
        assertThat(results)
                .containsExactly(
                        new Result.StalePair(),
                        delivered(one, 1, 2),
                        new Result.StalePair(),
                        new Result.Missing(),
                        new Result.Missing(),
                        new Result.Withdrawn(),
                        delivered(one, 2, 3));
        assertThat(leaves(one)).isEqualTo(2);
        assertThat(bodies(one)).isEqualTo(1);
        assertThat(outbox())
                .extracting(Entry::id)
                .contains(good.audit().id(), own.audit().id())
                .doesNotContain(stale.audit().id(), lost.audit().id(), withdrawn.audit().id());
    }

    /** Its holder's re-keying would leave it out, and its mailbox' destruction its key. */
    @Test
    @Claim("DAT-5")
    void aCopyHangsUnderItsOwnMailboxsNodeOfItsClassOnly() {
        MailboxFixture colleague = MailboxFixture.create(database, one.tenant());
        Body body = one.body();
        Copy borrowed = with(one.copy(body), colleague.pair(), colleague.node());
        Body critical =
                new Body(
                        body.tenant(),
                        body.blob(),
                        DataClass.CRITICAL,
                        body.segment(),
                        body.position(),
                        body.stored(),
                        body.size());
        Copy lower = ofClass(one.copy(body), DataClass.CRITICAL);
        assertThat(dropbox.deliver(new Group(List.of(body), List.of(borrowed))))
                .containsExactly(new Result.StalePair());
        assertThat(dropbox.deliver(new Group(List.of(critical), List.of(lower))))
                .containsExactly(new Result.StalePair());
        assertThat(leaves(colleague)).isZero();
        assertThat(leaves(one)).isZero();
    }

    @Test
    @Claim("ATK-84")
    void aColleaguesFolderIsMissing() {
        MailboxFixture colleague = MailboxFixture.create(database, one.tenant());
        Body body = one.body();
        Copy strange = into(one.copy(body), Optional.of(colleague.inbox()));
        assertThat(dropbox.deliver(new Group(List.of(body), List.of(strange))))
                .containsExactly(new Result.Missing());
    }

    @Test
    void aWithdrawnStandingTicketIsNegative() {
        update("update mailbox.mailbox set standing_epoch = -1 where mailbox_id = ?", one);
        Body body = one.body();
        Copy delivery = standing(one.copy(body), OptionalLong.of(-1));
        assertThat(dropbox.deliver(new Group(List.of(body), List.of(delivery))))
                .containsExactly(new Result.Withdrawn());
    }

    @Test
    void aFoldersUidsEnd() {
        update("update mailbox.folder set uid_next = 4294967295 where mailbox_id = ?", one);
        Body body = one.body();
        List<Copy> three = List.of(one.copy(body), one.copy(body), one.copy(body));
        assertThat(dropbox.deliver(new Group(List.of(body), three)))
                .containsExactly(
                        delivered(one, 4294967295L, 2),
                        new Result.Exhausted(),
                        new Result.Exhausted());
        assertThat(counters(one)).isEqualTo("mailbox 2, folder next 4294967296 modseq 2");
        assertThat(dropbox.deliver(new Group(List.of(body), List.of(one.copy(body)))))
                .containsExactly(new Result.Exhausted());
    }

    @Test
    void aFolderIsNamedByItsId() {
        FolderId archive = new FolderId(UUID.randomUUID());
        database.room(Room.MAILBOX).runInTenant(one.tenant(), tx -> one.folder(tx, archive, 0));
        Body body = one.body();
        Copy filed = into(one.copy(body), Optional.of(archive));
        List<Result> results =
                dropbox.deliver(new Group(List.of(body), List.of(one.copy(body), filed)));
        assertThat(results.getFirst()).isEqualTo(delivered(one, 1, 2));
        assertThat(results.getLast())
                .isEqualTo(
                        new Result.Delivered(
                                new DropboxCalls.Place(
                                        archive,
                                        7,
                                        new io.mailkeep.kernel.Uid(1),
                                        new io.mailkeep.kernel.ModSeq(3))));
    }

    @Test
    void aBodyThatIsNowhereFailsTheWholeGroup() {
        Copy lost = one.copy(one.body());
        Body body = two.body();
        assertThatThrownBy(() ->
                        dropbox.deliver(new Group(List.of(body), List.of(two.copy(body), lost))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("database failure, SQLSTATE 23503");
        assertThat(rows(two)).isEmpty();
        assertThat(bodies(two)).isZero();
    }

    @Test
    @Claim("FLT-20")
    void whoLostTheFenceStoresNothing() {
        DatabaseLocation.External place = SharedPostgres.location();
        try (Database old = SharedPostgres.open(place, SharedPostgres.INSTALLATION)) {
            MailboxFixture mailbox = MailboxFixture.create(old, new TenantId(UUID.randomUUID()));
            DropboxCalls calls = new DropboxCalls(old.room(Room.DROPBOX));
            assertThat(calls.deliver(mailbox.group())).hasSize(1);
            SharedPostgres.open(place, SharedPostgres.INSTALLATION).close();
            assertThatThrownBy(() -> calls.deliver(mailbox.group()))
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            e ->
                                    assertThat(e.problem().detail())
                                            .startsWith("another process has taken over"));
        }
    }

    private static Result delivered(MailboxFixture mailbox, long uid, long modSeq) {
        return new Result.Delivered(place(mailbox, uid, modSeq));
    }

    private static Result already(MailboxFixture mailbox, long uid, long modSeq) {
        return new Result.Already(Optional.of(place(mailbox, uid, modSeq)));
    }

    private static DropboxCalls.Place place(MailboxFixture mailbox, long uid, long modSeq) {
        return new DropboxCalls.Place(
                mailbox.inbox(),
                7,
                new io.mailkeep.kernel.Uid(uid),
                new io.mailkeep.kernel.ModSeq(modSeq));
    }

    private static void tree(java.util.function.Consumer<io.mailkeep.keys.TreeStore.Tx> work) {
        new TreeTables(database.room(Room.TREE))
                .transact(tx -> {
                    work.accept(tx);
                    return true;
                });
    }

    private static List<Entry> outbox() {
        return new OutboxTable(database.room(Room.AUDIT)).take(10_000);
    }

    private static String rows(MailboxFixture mailbox) {
        return database.room(Room.MAILBOX)
                .inTenant(
                        mailbox.tenant(),
                        tx -> {
                            List<String> all = new ArrayList<>();
                            for (Map<String, Object> row :
                                    tx.sql()
                                            .sql(
                                                    """
                                                    select concat_ws(':', uid, mod_seq, flags,
                                                        keywords, size) as row
                                                    from mailbox.message where mailbox_id = ?
                                                    order by uid\
                                                    """)
                                            .param(mailbox.mailbox().value())
                                            .query()
                                            .listOfRows()) {
                                all.add(String.valueOf(row.get("row")));
                            }
                            return String.join(",", all);
                        });
    }

    private static String counters(MailboxFixture mailbox) {
        return database.room(Room.MAILBOX)
                .inTenant(
                        mailbox.tenant(),
                        tx ->
                                tx.sql()
                                        .sql(
                                                """
                                                select format('mailbox %s, folder next %s modseq %s',
                                                    m.mod_seq, f.uid_next, f.mod_seq)
                                                from mailbox.mailbox m
                                                join mailbox.folder f using (tenant_id, mailbox_id)
                                                where mailbox_id = ?\
                                                """)
                                        .param(mailbox.mailbox().value())
                                        .query(String.class)
                                        .single());
    }

    private static int leaves(MailboxFixture mailbox) {
        return new TreeTables(database.room(Room.TREE))
                .transact(tx -> tx.heldBy(mailbox.tenant(), mailbox.node()).size());
    }

    private static long bodies(MailboxFixture mailbox) {
        return database.room(Room.MAILBOX)
                .inTenant(
                        mailbox.tenant(),
                        tx ->
                                tx.sql()
                                        .sql("select count(*) from mailbox.blob")
                                        .query(Long.class)
                                        .single());
    }

    private static void update(String sql, MailboxFixture mailbox) {
        database.room(Room.MAILBOX)
                .runInTenant(
                        mailbox.tenant(),
                        tx ->
                                assertThat(
                                                tx.sql()
                                                        .sql(sql)
                                                        .param(mailbox.mailbox().value())
                                                        .update())
                                        .isOne());
    }

    private static Copy with(Copy copy, KeyId pair, NodeId node) {
        return rebuilt(
                copy, copy.mailbox(), copy.folder(), copy.dataClass(), node, pair, copy.standing());
    }

    private static Copy into(Copy copy, Optional<FolderId> folder) {
        return rebuilt(
                copy,
                copy.mailbox(),
                folder,
                copy.dataClass(),
                copy.node(),
                copy.pair(),
                copy.standing());
    }

    private static Copy to(Copy copy, MailboxId mailbox) {
        return rebuilt(
                copy,
                mailbox,
                copy.folder(),
                copy.dataClass(),
                copy.node(),
                copy.pair(),
                copy.standing());
    }

    private static Copy standing(Copy copy, OptionalLong standing) {
        return rebuilt(
                copy,
                copy.mailbox(),
                copy.folder(),
                copy.dataClass(),
                copy.node(),
                copy.pair(),
                standing);
    }

    private static Copy ofClass(Copy copy, DataClass dataClass) {
        return rebuilt(
                copy,
                copy.mailbox(),
                copy.folder(),
                dataClass,
                copy.node(),
                copy.pair(),
                copy.standing());
    }

    private static Copy rebuilt(
            Copy copy,
            MailboxId mailbox,
            Optional<FolderId> folder,
            DataClass dataClass,
            NodeId node,
            KeyId pair,
            OptionalLong standing) {
        return new Copy(
                copy.tenant(),
                mailbox,
                folder,
                copy.copy(),
                copy.blob(),
                dataClass,
                node,
                pair,
                copy.wrap(),
                copy.meta(),
                copy.flags(),
                copy.keywords(),
                copy.received(),
                copy.saved(),
                copy.size(),
                standing,
                copy.audit());
    }
}
