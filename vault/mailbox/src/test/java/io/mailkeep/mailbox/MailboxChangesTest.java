package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.database.SharedPostgres;
import io.mailkeep.database.Waiting;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Flags.Flag;
import io.mailkeep.mailbox.Mailbox.FlagChange.Mode;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Several sessions on one mailbox, the ends of its numbers, and what the audit log is told. */
class MailboxChangesTest extends AtTheMailbox {
    @Test
    @Claim("DAT-6")
    void everyChangeIsToldAndReadingOnce() {
        deliver(3);
        store(uids(1), Mode.ADD, flags(Set.of(Flag.DELETED), Set.of()));
        store(uids(1), Mode.ADD, flags(Set.of(Flag.DELETED), Set.of()));
        done(writer().copy(inbox, uids(2), inbox));
        done(writer().move(inbox, uids(3), inbox));
        store.mailbox(person, Operation.EXPUNGE).expunge(inbox, Optional.empty());
        try (StoreFixture tight = StoreFixture.open(SmallLimits.openBytes(1))) {
            Person other = tight.person();
            tight.deliver(other, "Subject: 1\r\n\r\n");
            tight.deliver(other, "Subject: 2\r\n\r\n");
            List<Uid> seen = new ArrayList<>();
            tight.mailbox(other, Operation.READ)
                    .open(
                            tight.inbox(other).id(),
                            uids(1, 2),
                            "FETCH",
                            opened -> seen.add(opened.row().uid()));
            assertThat(seen).isEqualTo(uids(1, 2));
            SoftAssertions.assertSoftly(softly -> {
                softly.assertThat(tight.entries("mailbox.read", other.mailbox().toString()))
                        .hasSize(1);
                for (String change : List.of("store", "copy", "move", "expunge")) {
                    softly.assertThat(
                                    store.entries(
                                            "mailbox.changed", person.mailbox().toString(), change))
                            .as(change)
                            .hasSize(1);
                }
            });
        }
    }

    @Test
    void copyingAndMovingEndWithTheLastUid() throws Exception {
        deliver(3);
        FolderId archive =
                reader().folder(FolderName.parse("Archive").orElseThrow()).orElseThrow().id();
        sql("update mailbox.folder set uid_next = 4294967293 where folder_id = '" + archive + "'");
        assertThat(done(writer().copy(inbox, uids(1), archive)).to()).isEqualTo(uids(4294967293L));
        assertThat(writer().copy(inbox, uids(1, 2, 3), archive))
                .isEqualTo(refused(Refusal.LIMIT_UIDS));
        assertThat(writer().move(inbox, uids(1, 2, 3), archive))
                .isEqualTo(refused(Refusal.LIMIT_UIDS));
        assertThat(done(writer().move(inbox, uids(1, 2), archive)).to())
                .isEqualTo(uids(4294967294L, 4294967295L));
        assertThat(writer().move(inbox, uids(3), archive)).isEqualTo(refused(Refusal.LIMIT_UIDS));
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(3));
    }

    @Test
    void aCopyOfTooManyBytesCopiesNothing() {
        try (StoreFixture tight = StoreFixture.open(SmallLimits.copyBytes(1))) {
            Person other = tight.person();
            tight.deliver(other, "Subject: 1\r\n\r\n");
            tight.deliver(other, "Subject: 2\r\n\r\n");
            FolderId folder = tight.inbox(other).id();
            Mailbox writing = tight.mailbox(other, Operation.WRITE);
            assertThat(writing.copy(folder, uids(1, 2), folder))
                    .isEqualTo(refused(Refusal.LIMIT_COPY));
            assertThat(done(writing.copy(folder, uids(1), folder)).to()).isEqualTo(uids(3));
        }
    }

    /** RFC 8514 3: SAVEDATE is when a message came into its folder. */
    @Test
    void aMoveIsASavingAnew() throws Exception {
        deliver(1);
        sql(
                "update mailbox.message set saved_at = '2020-01-01 00:00Z' where mailbox_id = '"
                        + person.mailbox()
                        + "'");
        MessageRow before = reader().messages(inbox).getFirst();
        done(writer().move(inbox, uids(1), inbox));
        MessageRow after = reader().messages(inbox).getFirst();
        assertThat(after.saved()).isAfter(before.saved());
        assertThat(after.received()).isEqualTo(before.received());
    }

    @Test
    @Claim("ATK-56")
    void aMessageThatLeavesWhileItIsCopiedIsntCopied() throws Exception {
        deliver(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = SharedPostgres.owner(store.location());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "select from mailbox.mailbox where mailbox_id = '"
                            + person.mailbox()
                            + "' for update");
            Future<Outcome<Mailbox.CopyResult>> copying =
                    threads.submit(() -> writer().copy(inbox, uids(1, 2), inbox));
            Waiting.untilLocked(other, copying);
            statement.execute(
                    "update mailbox.message set hidden_at = now() where uid = 1 and mailbox_id = '"
                            + person.mailbox()
                            + "'");
            other.commit();
            assertThat(done(copying.get()).from()).isEqualTo(uids(2));
        }
        assertThat(reader().messages(inbox)).extracting(MessageRow::uid).isEqualTo(uids(2, 3));
    }

    @Test
    void sessionsThatBringTheSameKeywordShareIt() throws Exception {
        deliver(8);
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 8; i++) {
                List<Uid> one = uids(i);
                all.add(
                        threads.submit(
                                () -> store(one, Mode.ADD, flags(Set.of(), Set.of("same")))));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        try (Connection owner = SharedPostgres.owner(store.location());
                Statement statement = owner.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*) from mailbox.keyword where mailbox_id = '"
                                        + person.mailbox()
                                        + "'")) {
            row.next();
            assertThat(row.getInt(1)).isOne();
        }
        assertThat(reader().messages(inbox))
                .allMatch(row -> row.flags().keywords().equals(Set.of("same")));
    }

    /** RFC 7162 3.2.5.1: a session that goes on from the highest MODSEQ it was told misses none. */
    @Test
    void whoAsksForChangesAgainAndAgainMissesNone() throws Exception {
        int count = 60;
        Set<Uid> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> delivering = threads.submit(() -> deliver(count));
            Mailbox following = reader();
            ModSeq since = new ModSeq(0);
            boolean last = false;
            while (!last) {
                last = delivering.isDone();
                Mailbox.Changes changes = following.changesSince(inbox, since);
                changes.changed().forEach(row -> seen.add(row.uid()));
                since = changes.highest();
            }
            delivering.get();
        }
        assertThat(seen).hasSize(count);
    }

    @Test
    void aFolderOfManyPagesIsListedWhole() throws Exception {
        deliver(1);
        String these = " where mailbox_id = '" + person.mailbox() + "'";
        sql(
                """
                insert into mailbox.message
                select tenant_id, mailbox_id, gen_random_uuid(), folder_id, n, mod_seq, flags, keywords,
                    received_at, saved_at, size, blob_id, data_class, meta, hidden_at
                from mailbox.message, generate_series(2, 10001) n
                """
                        + these);
        assertThat(reader().messages(inbox))
                .extracting(row -> row.uid().value())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 10_001).boxed().toList());
        sql("delete from mailbox.message" + these + " and uid > 1");
    }

    private void sql(String statement) throws SQLException {
        try (Connection owner = SharedPostgres.owner(store.location());
                Statement run = owner.createStatement()) {
            assertThat(run.executeUpdate(statement)).isPositive();
        }
    }
}
