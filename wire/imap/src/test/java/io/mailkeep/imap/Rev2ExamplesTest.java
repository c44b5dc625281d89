package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The examples of RFC 9051 as dialogues, in a session with IMAP4rev2 enabled: sections 6.1 to 6.3;
 * messages follow in {@link Rev2MessagesTest}. Where our answer isn't the example's, the table says
 * why it may be so.
 *
 * <table>
 * <caption>Differences</caption>
 * <tr><th>Example</th><th>Here</th><th>Because</th></tr>
 * <tr><td>6.1.1 {@code AUTH=...}</td><td>PLAIN only</td><td>11.1: what is required</td></tr>
 * <tr><td>6.3.2 {@code LIST () "/" INBOX}</td><td>{@code \HasNoChildren \Subscribed} too</td>
 * <td>6.3.9.5: may be told unasked</td></tr>
 * <tr><td>6.3.2 OLDNAME</td><td>left out</td><td>6.3.9.7: only if a name was normalised; INBOX's is
 * known to every client</td></tr>
 * <tr><td>6.3.4 {@code CREATE owatagusiam/}</td><td>the folder can be selected</td><td>6.3.4: the
 * declaration is ignored where it isn't needed</td></tr>
 * <tr><td>6.3.5 DELETE of a name with inferiors</td><td>always NO [HASCHILDREN]</td><td>6.3.5: a
 * server may disallow it</td></tr>
 * <tr><td>6.3.9.8 {@code \NoInferiors}, {@code \Marked}</td><td>not told</td><td>7.3.1: INBOX may
 * have inferiors here; {@code \Marked} is a MAY</td></tr>
 * <tr><td>6.3.9.8 2 {@code \Subscribed \NonExistent}</td><td>another order, {@code \HasNoChildren}
 * with it</td><td>9, mbx-list-flags; 6.3.9.5</td></tr>
 * <tr><td>6.3.9.8 4 to 6 REMOTE</td><td>adds nothing</td><td>6.3.9.1: there are no remote
 * folders</td></tr>
 * <tr><td>6.3.9.8 8 {@code "*"}</td><td>no CHILDINFO where all matches are listed themselves</td>
 * <td>6.3.9.6: it is redundant</td></tr>
 * <tr><td>6.4.3 EXPUNGE from the lowest up</td><td>from the highest down</td><td>7.5.1: any order;
 * each number is right when it is told</td></tr>
 * <tr><td>6.4.4.4 5 {@code [BADCHARSET UTF-8]}</td><td>{@code [BADCHARSET (UTF-8 US-ASCII)]}</td>
 * <td>9, resp-text-code: a list in parentheses</td></tr>
 * <tr><td>6.4.5 FETCH's order of items</td><td>as asked</td><td>7.5.2: any order</td></tr>
 * <tr><td>8 {@code "TEXT" "PLAIN"}</td><td>in small letters</td><td>RFC 2045 5.1: case doesn't
 * matter</td></tr>
 * <tr><td>8 INTERNALDATE {@code -0700}</td><td>in universal time</td><td>2.3.3: the instant is what
 * counts</td></tr>
 * </table>
 */
@ExtendWith(ImapFixture.Resolver.class)
class Rev2ExamplesTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private ImapClient rev2() throws IOException {
        ImapClient client = imap.signedIn();
        assertThat(client.run("ENABLE IMAP4rev2").untagged())
                .containsExactly("* ENABLED IMAP4rev2");
        return client;
    }

    private static void ok(ImapClient client, String command) throws IOException {
        assertThat(client.run(command).tagged()).as(command).startsWith("OK");
    }

    private static void answers(ImapClient client, String command, String... untagged)
            throws IOException {
        Answer answer = client.run(command);
        assertThat(answer.tagged()).as(command).startsWith("OK");
        assertThat(answer.untagged()).as(command).containsExactlyInAnyOrder(untagged);
    }

    @Test
    @DisplayName("RFC 9051 6.1.1 to 6.1.3: CAPABILITY, NOOP, LOGOUT")
    void anyState() throws IOException {
        try (ImapClient client = imap.plain()) {
            assertThat(client.run("CAPABILITY").untagged())
                    .containsExactly(
                            "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL- SASL-IR ENABLE ID STARTTLS"
                                    + " LOGINDISABLED");
            client.startTls(imap.trust());
            assertThat(client.run("CAPABILITY").untagged())
                    .containsExactly(
                            "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL- SASL-IR ENABLE ID"
                                    + " AUTH=PLAIN");
            ok(client, "NOOP");
            assertThat(client.run("LOGOUT").untagged()).containsExactly("* BYE Goodbye");
        }
    }

    @Test
    @DisplayName("RFC 9051 Appendix E: each capability it folds in is named and works")
    void whatIsNamedWorks() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            String named = client.run("CAPABILITY").untagged().getFirst();
            assertThat(List.of(named.replace("* CAPABILITY ", "").split(" ")))
                    .containsExactlyInAnyOrder(
                            "IMAP4rev1",
                            "IMAP4rev2",
                            "LITERAL-",
                            "SASL-IR",
                            "ENABLE",
                            "ID",
                            "UIDPLUS",
                            "MOVE",
                            "IDLE",
                            "NAMESPACE",
                            "UNSELECT",
                            "CHILDREN",
                            "SPECIAL-USE",
                            "CREATE-SPECIAL-USE",
                            "ESEARCH",
                            "SEARCHRES",
                            "LIST-EXTENDED",
                            "LIST-STATUS",
                            "STATUS=SIZE",
                            "CONDSTORE");
            // What rev2 has and rev1 has no name for here: BINARY's FETCH, asked for before ENABLE.
            client.append("INBOX", "", "Subject: x\r\n\r\nx\r\n");
            client.run("EXAMINE INBOX");
            answers(client, "FETCH 1 BINARY.SIZE[1]", "* 1 FETCH (BINARY.SIZE[1] 3)");
            answers(client, "ENABLE IMAP4rev2 IMAP4rev2 X-NONE", "* ENABLED IMAP4rev2");
            answers(client, "ENABLE IMAP4rev2", "* ENABLED");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.3.2, 6.3.3: SELECT, EXAMINE, [CLOSED]")
    void selecting() throws IOException {
        try (ImapClient client = rev2()) {
            client.append("INBOX", "", "Subject: x\r\n\r\nx\r\n");
            Answer first = client.run("SELECT INBOX");
            assertThat(first.untagged())
                    .hasSize(7)
                    .contains(
                            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
                            "* 1 EXISTS",
                            "* OK [UIDNEXT 2] Predicted next UID",
                            "* LIST (\\HasNoChildren \\Subscribed) \"/\" INBOX");
            assertThat(first.with("UIDVALIDITY")).hasSize(1);
            assertThat(first.with("PERMANENTFLAGS")).hasSize(1);
            assertThat(first.tagged()).startsWith("OK [READ-WRITE]");
            assertThat(first.text()).doesNotContain("CLOSED", "RECENT");
            Answer second = client.run("EXAMINE Sent");
            assertThat(second.untagged().getFirst()).startsWith("* OK [CLOSED] ");
            assertThat(second.tagged()).startsWith("OK [READ-ONLY]");
            // A SELECT that fails closes the folder before it all the same.
            Answer failed = client.run("SELECT nowhere");
            assertThat(failed.untagged().getFirst()).startsWith("* OK [CLOSED] ");
            assertThat(failed.tagged()).startsWith("NO [NONEXISTENT]");
            assertThat(client.run("CHECK").tagged()).startsWith("BAD");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.3.4 to 6.3.6: CREATE, DELETE, RENAME")
    void folders() throws IOException {
        try (ImapClient client = rev2()) {
            ok(client, "CREATE owatagusiam/");
            ok(client, "CREATE owatagusiam/blurdybloop");
            ok(client, "CREATE blurdybloop");
            ok(client, "CREATE foo/bar");
            ok(client, "DELETE blurdybloop");
            assertThat(client.run("DELETE foo").tagged()).startsWith("NO [HASCHILDREN]");
            ok(client, "DELETE foo/bar");
            ok(client, "DELETE foo");
            ok(client, "RENAME owatagusiam/blurdybloop sarasoop");
            answers(
                    client,
                    "LIST \"\" (*oo* o*)",
                    "* LIST (\\HasNoChildren) \"/\" \"owatagusiam\"",
                    "* LIST (\\HasNoChildren) \"/\" \"sarasoop\"");
            ok(client, "CREATE foo");
            ok(client, "CREATE foo/bar");
            ok(client, "RENAME foo zowie");
            answers(
                    client,
                    "LIST \"\" zow*",
                    "* LIST (\\HasChildren) \"/\" \"zowie\"",
                    "* LIST (\\HasNoChildren) \"/\" \"zowie/bar\"");
            client.append("INBOX", "", "Subject: x\r\n\r\nx\r\n");
            ok(client, "RENAME INBOX old-mail");
            answers(client, "STATUS old-mail (MESSAGES)", "* STATUS \"old-mail\" (MESSAGES 1)");
            answers(client, "STATUS INBOX (MESSAGES)", "* STATUS INBOX (MESSAGES 0)");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.3.7, 6.3.8: SUBSCRIBE, UNSUBSCRIBE, also what isn't there")
    void subscribing() throws IOException {
        try (ImapClient client = rev2()) {
            // A server may validate that the folder exists (6.3.7); this one does.
            assertThat(client.run("SUBSCRIBE #news.comp.mail.mime").tagged())
                    .startsWith("NO [NONEXISTENT]");
            ok(client, "UNSUBSCRIBE #news.comp.mail.mime");
            ok(client, "SUBSCRIBE INBOX");
            ok(client, "SUBSCRIBE INBOX");
        }
    }

    /** Examples 1 to 6 of 6.3.9.8, with INBOX among the subscribed. */
    private ImapClient market() throws IOException {
        ImapClient client = rev2();
        for (String one : List.of("Archive", "Drafts", "Junk", "Sent", "Trash")) {
            ok(client, "UNSUBSCRIBE " + one);
            ok(client, "DELETE " + one);
        }
        for (String one :
                List.of(
                        "Fruit/Apple",
                        "Fruit/Banana",
                        "Fruit/Peach",
                        "Tofu",
                        "Vegetable/Broccoli",
                        "Vegetable/Corn")) {
            ok(client, "CREATE " + one);
        }
        for (String one :
                List.of("Fruit/Banana", "Fruit/Peach", "Vegetable", "Vegetable/Broccoli")) {
            ok(client, "SUBSCRIBE " + one);
        }
        ok(client, "DELETE Fruit/Peach");
        return client;
    }

    @Test
    @DisplayName("RFC 9051 6.3.9.8, examples 1 to 6: subscriptions, children, remote")
    void listing() throws IOException {
        try (ImapClient client = market()) {
            answers(client, "LIST \"\" \"\"", "* LIST (\\Noselect) \"/\" \"\"");
            answers(
                    client,
                    "LIST \"\" \"*\"",
                    "* LIST (\\HasNoChildren) \"/\" INBOX",
                    "* LIST (\\HasChildren) \"/\" \"Fruit\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Fruit/Apple\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Fruit/Banana\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Tofu\"",
                    "* LIST (\\HasChildren) \"/\" \"Vegetable\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Vegetable/Broccoli\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Vegetable/Corn\"");
            for (String selection : List.of("(SUBSCRIBED)", "(REMOTE SUBSCRIBED)")) {
                answers(
                        client,
                        "LIST " + selection + " \"\" \"*\"",
                        "* LIST (\\HasNoChildren \\Subscribed) \"/\" INBOX",
                        "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Fruit/Banana\"",
                        "* LIST (\\NonExistent \\HasNoChildren \\Subscribed) \"/\" \"Fruit/Peach\"",
                        "* LIST (\\HasChildren \\Subscribed) \"/\" \"Vegetable\"",
                        "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Vegetable/Broccoli\"");
            }
            for (String selection : List.of("()", "(REMOTE)")) {
                answers(
                        client,
                        "LIST " + selection + " \"\" \"%\" RETURN (CHILDREN)",
                        "* LIST (\\HasNoChildren) \"/\" INBOX",
                        "* LIST (\\HasChildren) \"/\" \"Fruit\"",
                        "* LIST (\\HasNoChildren) \"/\" \"Tofu\"",
                        "* LIST (\\HasChildren) \"/\" \"Vegetable\"");
            }
            answers(
                    client,
                    "LIST (REMOTE) \"\" \"*\" RETURN (SUBSCRIBED)",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" INBOX",
                    "* LIST (\\HasChildren) \"/\" \"Fruit\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Fruit/Apple\"",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Fruit/Banana\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Tofu\"",
                    "* LIST (\\HasChildren \\Subscribed) \"/\" \"Vegetable\"",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Vegetable/Broccoli\"",
                    "* LIST (\\HasNoChildren) \"/\" \"Vegetable/Corn\"");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.3.9.8, examples 7 to 9: RECURSIVEMATCH and CHILDINFO")
    void recursiveMatch() throws IOException {
        try (ImapClient client = rev2()) {
            for (String one : List.of("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash")) {
                ok(client, "UNSUBSCRIBE " + one);
            }
            ok(client, "CREATE Foo/Bar");
            ok(client, "CREATE Foo/Baz");
            ok(client, "CREATE Moo");
            String recursive = "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" \"%\"";
            String childInfo = " (\"CHILDINFO\" (\"SUBSCRIBED\"))";
            answers(client, recursive);
            ok(client, "SUBSCRIBE Foo/Baz");
            answers(
                    client,
                    "LIST (SUBSCRIBED) \"\" \"*\"",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Foo/Baz\"");
            answers(client, "LIST (SUBSCRIBED) \"\" \"%\"");
            answers(client, recursive, "* LIST (\\HasChildren) \"/\" \"Foo\"" + childInfo);
            ok(client, "SUBSCRIBE Foo");
            answers(
                    client,
                    recursive,
                    "* LIST (\\HasChildren \\Subscribed) \"/\" \"Foo\"" + childInfo);
            // C: the children of a subscribed folder aren't subscribed.
            ok(client, "SUBSCRIBE Moo");
            ok(client, "UNSUBSCRIBE Foo/Baz");
            answers(
                    client,
                    recursive + " RETURN (CHILDREN)",
                    "* LIST (\\HasChildren \\Subscribed) \"/\" \"Foo\"",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Moo\"");
            // A2 and 9: the child that is subscribed to is gone, and then its parent.
            ok(client, "UNSUBSCRIBE Foo");
            ok(client, "UNSUBSCRIBE Moo");
            ok(client, "CREATE oof/bar");
            ok(client, "SUBSCRIBE oof/bar");
            ok(client, "DELETE oof/bar");
            answers(client, "LIST \"\" (\"oof\")", "* LIST (\\HasNoChildren) \"/\" \"oof\"");
            answers(
                    client,
                    "LIST (SUBSCRIBED) \"\" \"oof/*\"",
                    "* LIST (\\NonExistent \\HasNoChildren \\Subscribed) \"/\" \"oof/bar\"");
            answers(
                    client,
                    "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" oof RETURN (CHILDREN)",
                    "* LIST (\\HasNoChildren) \"/\" \"oof\"" + childInfo);
            ok(client, "DELETE oof");
            answers(
                    client,
                    recursive,
                    "* LIST (\\NonExistent \\HasNoChildren) \"/\" \"oof\"" + childInfo);
        }
    }

    @Test
    @DisplayName(
            "RFC 9051 6.3.9.8, examples 8 and 11: redundant CHILDINFO; STATUS as a return option")
    void childInfoAndStatus() throws IOException {
        try (ImapClient client = rev2()) {
            for (String one : List.of("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash")) {
                ok(client, "UNSUBSCRIBE " + one);
            }
            for (String one :
                    List.of("foo2/bar1", "foo2/bar2", "baz2/bar2", "eps2/mamba", "qux2/bar2")) {
                ok(client, "CREATE " + one);
                ok(client, "SUBSCRIBE " + one);
            }
            ok(client, "SUBSCRIBE eps2");
            answers(
                    client,
                    "LIST (RECURSIVEMATCH SUBSCRIBED) \"\" \"*2\"",
                    "* LIST (\\HasChildren) \"/\" \"foo2\" (\"CHILDINFO\" (\"SUBSCRIBED\"))",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"foo2/bar2\"",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"baz2/bar2\"",
                    "* LIST (\\HasChildren \\Subscribed) \"/\" \"eps2\""
                            + " (\"CHILDINFO\" (\"SUBSCRIBED\"))",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"qux2/bar2\"");
            client.append("eps2", "", "Subject: x\r\n\r\nx\r\n");
            assertThat(
                            client.run(
                                            "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (foo2 eps2)"
                                                    + " RETURN (STATUS (MESSAGES UNSEEN SIZE))")
                                    .untagged())
                    .containsExactlyInAnyOrder(
                            "* LIST (\\HasChildren \\Subscribed) \"/\" \"eps2\""
                                    + " (\"CHILDINFO\" (\"SUBSCRIBED\"))",
                            "* STATUS \"eps2\" (MESSAGES 1 UNSEEN 1 SIZE 17)",
                            "* LIST (\\HasChildren) \"/\" \"foo2\""
                                    + " (\"CHILDINFO\" (\"SUBSCRIBED\"))");
        }
    }

    @Test
    @DisplayName("RFC 6154 5: SPECIAL-USE in LIST, CREATE (USE)")
    void specialUse() throws IOException {
        try (ImapClient client = rev2()) {
            answers(
                    client,
                    "LIST \"\" % RETURN (SPECIAL-USE)",
                    "* LIST (\\HasNoChildren) \"/\" INBOX",
                    "* LIST (\\HasNoChildren \\Archive) \"/\" \"Archive\"",
                    "* LIST (\\HasNoChildren \\Drafts) \"/\" \"Drafts\"",
                    "* LIST (\\HasNoChildren \\Junk) \"/\" \"Junk\"",
                    "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"",
                    "* LIST (\\HasNoChildren \\Trash) \"/\" \"Trash\"");
            ok(client, "CREATE MySpecial (USE (\\Drafts))");
            answers(
                    client,
                    "LIST (SPECIAL-USE) \"\" My*",
                    "* LIST (\\HasNoChildren \\Drafts) \"/\" \"MySpecial\"");
            assertThat(client.run("CREATE Everything (USE (\\All))").tagged())
                    .startsWith("NO [USEATTR]");
            answers(client, "LIST \"\" Everything");
        }
    }

    @Test
    @DisplayName("RFC 9051 6.3.10 to 6.3.13: NAMESPACE, STATUS, APPEND, IDLE")
    void namespaceStatusAppendIdle() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            ok(client, "ENABLE IMAP4rev2");
            answers(client, "NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL");
            ok(client, "CREATE blurdybloop");
            String mail =
                    "Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\nFrom: f@x.test\r\n\r\nHi\r\n";
            client.send(
                    "A003 APPEND blurdybloop (\\Seen) {"
                            + mail.length()
                            + "+}\r\n"
                            + mail
                            + "\r\n");
            assertThat(client.answer("A003").tagged())
                    .matches("OK \\[APPENDUID [0-9]+ 1] APPEND completed");
            answers(
                    client,
                    "STATUS blurdybloop (UIDNEXT MESSAGES UNSEEN DELETED SIZE)",
                    "* STATUS \"blurdybloop\" (UIDNEXT 2 MESSAGES 1 UNSEEN 0 DELETED 0 SIZE "
                            + mail.length()
                            + ")");
            ok(client, "SELECT blurdybloop");
            ok(other, "SELECT blurdybloop");
            // What happened before IDLE is told as it begins.
            ok(other, "STORE 1 +FLAGS (\\Deleted)");
            client.send("A004 IDLE\r\n");
            assertThat(client.response()).startsWith("+ ");
            assertThat(client.response()).isEqualTo("* 1 FETCH (UID 1 FLAGS (\\Deleted \\Seen))");
            ok(other, "EXPUNGE");
            assertThat(client.response()).isEqualTo("* 1 EXPUNGE");
            other.append("blurdybloop", "", mail);
            assertThat(client.response()).isEqualTo("* 1 EXISTS");
            client.send("DONE\r\n");
            assertThat(client.response()).isEqualTo("A004 OK IDLE terminated");
        }
    }
}
