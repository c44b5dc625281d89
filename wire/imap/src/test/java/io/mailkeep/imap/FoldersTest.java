package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE: RFC 9051 6.3.4 on. */
@ExtendWith(ImapFixture.Resolver.class)
class FoldersTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    @Test
    void createRenameDelete() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.run("CREATE a/b/").isOk()).isTrue();
            assertThat(client.run("CREATE a/b").tagged()).startsWith("NO [ALREADYEXISTS]");
            assertThat(client.run("CREATE INBOX").tagged()).startsWith("NO");
            assertThat(client.run("LIST \"\" a*").untagged())
                    .containsExactly(
                            "* LIST (\\HasChildren) \"/\" \"a\"",
                            "* LIST (\\HasNoChildren) \"/\" \"a/b\"");
            assertThat(client.run("DELETE a").tagged()).startsWith("NO [HASCHILDREN]");
            assertThat(client.run("RENAME a c").isOk()).isTrue();
            assertThat(client.run("RENAME a d").tagged()).startsWith("NO [NONEXISTENT]");
            assertThat(client.run("RENAME c INBOX").tagged()).startsWith("NO");
            assertThat(client.run("DELETE c/b").isOk()).isTrue();
            assertThat(client.run("DELETE c").isOk()).isTrue();
            assertThat(client.run("DELETE c").tagged()).startsWith("NO [NONEXISTENT]");
            assertThat(client.run("DELETE INBOX").tagged()).startsWith("NO [CANNOT]");
        }
    }

    @Test
    void renamingInboxMovesItsMessages() throws IOException {
        try (ImapClient client = imap.inbox("Subject: x\n\nx\n")) {
            client.run("UNSELECT");
            assertThat(client.run("RENAME INBOX old").isOk()).isTrue();
            assertThat(client.run("STATUS old (MESSAGES)").text()).contains("MESSAGES 1");
            assertThat(client.run("STATUS INBOX (MESSAGES)").text()).contains("MESSAGES 0");
        }
    }

    @Test
    void specialUse() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("DELETE Archive");
            assertThat(client.run("CREATE Store (USE (\\Archive))").isOk()).isTrue();
            assertThat(client.run("LIST \"\" Store").text()).contains("\\Archive");
            assertThat(client.run("CREATE y (USE (\\All))").tagged()).startsWith("NO [USEATTR]");
            assertThat(client.run("CREATE z (USE (\\Sent \\Junk))").tagged())
                    .startsWith("NO [USEATTR]");
        }
    }

    @Test
    void subscriptions() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("CREATE x/y");
            assertThat(client.run("LSUB \"\" x*").untagged()).isEmpty();
            assertThat(client.run("SUBSCRIBE x/y").isOk()).isTrue();
            assertThat(client.run("UNSUBSCRIBE x").isOk()).isTrue();
            assertThat(client.run("LSUB \"\" x*").untagged())
                    .containsExactly("* LSUB () \"/\" \"x/y\"");
            assertThat(client.run("LSUB \"\" %").text())
                    .contains("* LSUB (\\Noselect) \"/\" \"x\"");
            assertThat(client.run("UNSUBSCRIBE x/y").isOk()).isTrue();
            assertThat(client.run("LSUB \"\" x*").untagged()).isEmpty();
            assertThat(client.run("SUBSCRIBE nowhere").tagged()).startsWith("NO [NONEXISTENT]");
            assertThat(client.run("UNSUBSCRIBE nowhere").isOk()).isTrue();
            assertThat(client.run("UNSUBSCRIBE \"a//b\"").isOk()).isTrue();
        }
    }

    @Test
    void aSubscriptionStaysWithTheNameWhateverBecomesOfTheFolder() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("CREATE p/q");
            client.run("SUBSCRIBE p/q");
            client.run("DELETE p/q");
            client.run("DELETE p");
            assertThat(client.run("LIST \"\" p*").untagged()).isEmpty();
            assertThat(client.run("LIST \"\" p* RETURN (SUBSCRIBED)").untagged()).isEmpty();
            assertThat(client.run("LIST (SUBSCRIBED) \"\" p*").untagged())
                    .containsExactly(
                            "* LIST (\\NonExistent \\HasNoChildren \\Subscribed) \"/\" \"p/q\"");
            assertThat(client.run("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %").with("\"p\""))
                    .containsExactly(
                            "* LIST (\\NonExistent \\HasNoChildren) \"/\" \"p\""
                                    + " (\"CHILDINFO\" (\"SUBSCRIBED\"))");
            assertThat(
                            client.run("LIST (SUBSCRIBED) \"\" p* RETURN (STATUS (MESSAGES))")
                                    .untagged())
                    .hasSize(1);
            assertThat(client.run("LSUB \"\" p*").untagged())
                    .containsExactly("* LSUB () \"/\" \"p/q\"");
            client.run("CREATE p/q");
            assertThat(client.run("LIST (SUBSCRIBED) \"\" p*").untagged())
                    .containsExactly("* LIST (\\HasNoChildren \\Subscribed) \"/\" \"p/q\"");
            client.run("RENAME p/q p/r");
            assertThat(client.run("LSUB \"\" p*").untagged())
                    .containsExactly("* LSUB () \"/\" \"p/q\"");
            assertThat(client.run("UNSUBSCRIBE p/q").isOk()).isTrue();
            assertThat(client.run("LIST (SUBSCRIBED) \"\" p*").untagged()).isEmpty();
        }
    }

    @Test
    void namesInBothEncodings() throws IOException {
        String account = imap.account();
        try (ImapClient rev1 = imap.signedIn(account);
                ImapClient rev2 = imap.signedIn(account)) {
            rev2.run("ENABLE IMAP4rev2");
            assertThat(rev1.run("CREATE \"Entw&APw-rfe &- mehr\"").isOk()).isTrue();
            assertThat(rev2.run("LIST \"\" Entw*").untagged())
                    .containsExactly("* LIST (\\HasNoChildren) \"/\" \"Entwürfe & mehr\"");
            assertThat(rev2.run("CREATE \"日本語\"").isOk()).isTrue();
            assertThat(rev1.run("LIST \"\" &ZeVn*").untagged()).isEmpty();
            assertThat(rev1.run("LIST \"\" &ZeVnLIqe-*").untagged())
                    .containsExactly("* LIST (\\HasNoChildren) \"/\" \"&ZeVnLIqe-\"");
            assertThat(rev1.run("SELECT &ZeVnLIqe-").isOk()).isTrue();
        }
    }

    @ParameterizedTest
    @Claim("ATK-53")
    @ValueSource(
            strings = {
                "\"\"",
                "\"/\"",
                "\"/etc\"",
                "\"a//b\"",
                "\"&Jjo!\"",
                "\"&AGE-\"",
                "\"&U,BTFw-&ZeVnLIqe-\"",
                "\"INBOX&IAs-\"",
                "\"a&AAA-b\"",
                "\"&2D0-\"",
                "\"ü\""
            })
    void namesThatNoFolderCanHave(String name) throws IOException {
        try (ImapClient client = imap.signedIn()) {
            assertThat(client.run("CREATE " + name).tagged()).startsWith("NO [CANNOT]");
            assertThat(client.run("SELECT " + name).isOk()).isFalse();
        }
    }

    @Test
    @Claim("ATK-53")
    void oddNames() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("ENABLE IMAP4rev2");
            assertThat(client.run("CREATE " + "a/".repeat(10_000) + "b").tagged())
                    .startsWith("NO [CANNOT]");
            // Dots are a name like any other: no name reaches a file system.
            assertThat(client.run("CREATE \"../x\"").isOk()).isTrue();
            assertThat(client.run("LIST \"\" \"..*\"").untagged()).hasSize(2);
            // NFC and NFD are one name.
            assertThat(client.run("CREATE \"\u00e9\"").isOk()).isTrue();
            assertThat(client.run("CREATE \"e\u0301\"").tagged()).startsWith("NO [ALREADYEXISTS]");
            assertThat(client.run("CREATE \"\u0130NBOX\"").tagged())
                    .startsWith("NO [ALREADYEXISTS]");
            assertThat(client.run("CREATE \"iNbOx\"").isOk()).isFalse();
        }
    }
}
