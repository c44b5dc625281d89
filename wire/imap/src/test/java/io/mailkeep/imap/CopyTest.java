package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** COPY, MOVE, EXPUNGE, UID EXPUNGE: RFC 9051 6.4.3, 6.4.7 to 6.4.9, RFC 4315, RFC 6851. */
@ExtendWith(ImapFixture.Resolver.class)
class CopyTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private static final String MAIL = "Subject: x\n\nbody\n";

    @Test
    void copy() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL)) {
            client.run("STORE 2 +FLAGS ($Label)");
            assertThat(client.run("COPY 2:3 Archive").tagged())
                    .matches("OK \\[COPYUID [0-9]+ 2:3 1:2] .*");
            assertThat(client.run("UID COPY 1,3 Archive").tagged())
                    .matches("OK \\[COPYUID [0-9]+ 1,3 3:4] .*");
            assertThat(client.run("COPY 1 nowhere").tagged()).startsWith("NO [TRYCREATE]");
            assertThat(client.run("COPY 4 Archive").tagged()).startsWith("BAD");
            assertThat(client.run("UID COPY 99 Archive").tagged()).startsWith("OK No");
            client.run("SELECT Archive");
            assertThat(client.run("FETCH 1 (UID FLAGS BODY.PEEK[TEXT])").text())
                    .contains("FLAGS ($Label", "body");
        }
    }

    @Test
    void moveTellsWhereBeforeItExpunges() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL)) {
            Answer answer = client.run("MOVE 1,3 Trash");
            assertThat(answer.untagged().getFirst())
                    .matches("\\* OK \\[COPYUID [0-9]+ 1,3 1:2] .*");
            assertThat(answer.untagged().subList(1, 3))
                    .containsExactly("* 3 EXPUNGE", "* 1 EXPUNGE");
            assertThat(answer.tagged()).startsWith("OK");
            assertThat(client.run("UID MOVE 2 Trash").text()).contains("* 1 EXPUNGE");
            assertThat(client.run("STATUS Trash (MESSAGES)").text()).contains("MESSAGES 3");
        }
    }

    @Test
    void expungeAndUidExpunge() throws IOException {
        try (ImapClient client = imap.inbox(MAIL, MAIL, MAIL, MAIL)) {
            client.run("STORE 1:3 +FLAGS.SILENT (\\Deleted)");
            assertThat(client.run("UID EXPUNGE 2,4").untagged()).containsExactly("* 2 EXPUNGE");
            Answer answer = client.run("EXPUNGE");
            assertThat(answer.untagged()).containsExactly("* 2 EXPUNGE", "* 1 EXPUNGE");
            assertThat(client.run("EXPUNGE").untagged()).isEmpty();
        }
    }

    @Test
    @Claim("ATK-56")
    void noNumberChangesDuringFetchStoreAndSearch() throws IOException {
        String account = imap.account();
        try (ImapClient one = imap.signedIn(account);
                ImapClient two = imap.signedIn(account)) {
            for (int i = 0; i < 3; i++) {
                one.append("INBOX", "", MAIL);
            }
            one.run("SELECT INBOX");
            two.run("SELECT INBOX");
            two.run("STORE 1 +FLAGS.SILENT (\\Deleted)");
            two.run("EXPUNGE");
            Answer fetch = one.run("FETCH 1:3 (UID)");
            assertThat(fetch.with("FETCH (UID"))
                    .containsSubsequence("* 2 FETCH (UID 2)", "* 3 FETCH (UID 3)");
            assertThat(fetch.tagged()).startsWith("NO [EXPUNGEISSUED]");
            assertThat(fetch.with("EXPUNGE")).isEmpty();
            assertThat(one.run("STORE 3 +FLAGS (\\Seen)").with("EXPUNGE")).isEmpty();
            assertThat(one.run("STORE 1 +FLAGS (\\Seen)").tagged())
                    .startsWith("NO [EXPUNGEISSUED]");
            Answer search = one.run("SEARCH ALL");
            assertThat(search.untagged()).contains("* SEARCH 2 3");
            assertThat(search.with("EXPUNGE")).isEmpty();
            assertThat(one.run("NOOP").untagged()).contains("* 1 EXPUNGE");
            assertThat(one.run("FETCH 1 UID").untagged()).containsExactly("* 1 FETCH (UID 2)");
        }
    }

    @Test
    @Claim("ATK-56")
    void oneOfEightMovesWins() throws Exception {
        String account = imap.account();
        List<ImapClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(imap.signedIn(account));
        }
        clients.getFirst().append("INBOX", "", MAIL);
        for (ImapClient client : clients) {
            client.run("SELECT INBOX");
        }
        AtomicInteger moved = new AtomicInteger();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (ImapClient client : clients) {
            threads.add(
                    Thread.startVirtualThread(() -> {
                        try {
                            if (client.run("UID MOVE 1 Archive").text().contains("COPYUID")) {
                                moved.incrementAndGet();
                            }
                        } catch (IOException | RuntimeException failed) {
                            failures.add(failed);
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(moved).hasValue(1);
        assertThat(clients.get(3).run("STATUS Archive (MESSAGES)").text()).contains("MESSAGES 1");
        for (ImapClient client : clients) {
            client.run("NOOP");
            assertThat(client.run("SEARCH ALL").untagged()).containsExactly("* SEARCH");
            client.close();
        }
    }

    @Test
    @Claim("ATK-56")
    void theSelectedFolderIsDeletedOrRenamed() throws IOException {
        String account = imap.account();
        try (ImapClient one = imap.signedIn(account);
                ImapClient two = imap.signedIn(account)) {
            one.run("CREATE doomed");
            one.append("doomed", "", MAIL);
            one.run("SELECT doomed");
            assertThat(two.run("RENAME doomed moved").isOk()).isTrue();
            assertThat(one.run("FETCH 1 BODY.PEEK[TEXT]").text()).contains("body");
            assertThat(two.run("DELETE moved").isOk()).isTrue();
            assertThat(one.run("NOOP").untagged()).contains("* 1 EXPUNGE");
            assertThat(one.run("FETCH 1 FLAGS").tagged()).startsWith("BAD");
            assertThat(one.run("UID FETCH 1 FLAGS").isOk()).isTrue();
            assertThat(one.run("SELECT INBOX").isOk()).isTrue();
        }
    }
}
