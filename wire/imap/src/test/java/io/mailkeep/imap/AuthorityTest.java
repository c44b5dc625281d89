package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.imap.internal.command.Verbs;
import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each command may do, it may do by its ticket alone ({@code DAT-3}): every command is given
 * with tickets that lack one operation, and is refused exactly if it needs that one.
 */
@ExtendWith(ImapFixture.Resolver.class)
class AuthorityTest {
    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";

    /** A command in a selected INBOX, and the operations without which it is refused. */
    private record Row(List<String> parts, Set<Operation> needs) {
        private Row(String command, Operation... needs) {
            this(
                    List.of(command),
                    needs.length == 0
                            ? EnumSet.noneOf(Operation.class)
                            : EnumSet.copyOf(List.of(needs)));
        }

        private String verb() {
            return parts.getFirst().replaceFirst(" .*", "");
        }
    }

    private static final List<Row> ROWS =
            List.of(
                    new Row("CAPABILITY"),
                    new Row("ID NIL"),
                    new Row("ENABLE CONDSTORE"),
                    new Row("NAMESPACE"),
                    new Row("NOOP"),
                    new Row("CHECK"),
                    new Row(List.of("IDLE", "DONE"), Set.of()),
                    new Row("LIST \"\" *", Operation.READ),
                    new Row("LIST (SUBSCRIBED) \"\" * RETURN (STATUS (SIZE))", Operation.READ),
                    new Row("LSUB \"\" *", Operation.READ),
                    new Row("STATUS INBOX (MESSAGES)", Operation.READ),
                    new Row("SEARCH ALL", Operation.READ),
                    new Row("UID SEARCH TEXT body", Operation.READ),
                    new Row("FETCH 1 FLAGS", Operation.READ),
                    new Row("UID FETCH 1 BODY.PEEK[]", Operation.READ),
                    new Row("STORE 1 +FLAGS ($Word)", Operation.FLAG),
                    new Row("UID STORE 1 -FLAGS ($Word)", Operation.FLAG),
                    new Row("COPY 1 Archive", Operation.READ, Operation.WRITE),
                    new Row("UID COPY 1 Archive", Operation.READ, Operation.WRITE),
                    new Row("MOVE 1 Archive", Operation.READ, Operation.WRITE, Operation.EXPUNGE),
                    new Row(
                            "UID MOVE 2 Archive",
                            Operation.READ,
                            Operation.WRITE,
                            Operation.EXPUNGE),
                    new Row("EXPUNGE", Operation.EXPUNGE),
                    new Row("UID EXPUNGE 9", Operation.EXPUNGE),
                    new Row(
                            List.of("APPEND Archive {18}", MAIL),
                            Set.of(Operation.READ, Operation.WRITE)),
                    new Row("CREATE fresh", Operation.FOLDERS),
                    new Row("SUBSCRIBE fresh", Operation.FOLDERS),
                    new Row("UNSUBSCRIBE fresh", Operation.FOLDERS),
                    new Row("RENAME fresh other", Operation.FOLDERS),
                    new Row("DELETE other", Operation.FOLDERS),
                    new Row("SELECT INBOX", Operation.READ),
                    new Row("EXAMINE INBOX", Operation.READ),
                    // RFC 4314 4: without the right to expunge, CLOSE closes.
                    new Row("CLOSE"),
                    new Row("UNSELECT"));

    /** They touch no data, or stand before there is a ticket. */
    private static final Set<String> WITHOUT_DATA =
            Set.of("LOGOUT", "STARTTLS", "LOGIN", "AUTHENTICATE");

    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    @Test
    void everyCommandHasARow() {
        Set<String> verbs =
                ROWS.stream().map(Row::verb).collect(Collectors.toCollection(TreeSet::new));
        verbs.addAll(WITHOUT_DATA);
        assertThat(verbs).containsExactlyElementsOf(new TreeSet<>(new Verbs().names()));
    }

    @ParameterizedTest
    @Claim({"DAT-3", "ATK-84"})
    @EnumSource(
            value = Operation.class,
            names = {"READ", "FLAG", "WRITE", "EXPUNGE", "FOLDERS"})
    void eachCommandNeedsItsOwnOperationAndNoOther(Operation missing) throws IOException {
        String account = imap.account();
        try (Narrowing narrowing = new Narrowing(imap, Narrowing.ALL);
                ImapClient client = narrowing.connect(account)) {
            narrowing.with(client, Narrowing.ALL);
            for (int i = 0; i < 4; i++) {
                client.append("INBOX", "", MAIL);
            }
            for (Row row : ROWS) {
                narrowing.with(client, Narrowing.ALL);
                client.run("SELECT INBOX");
                String ticket = narrowing.without(client, missing);
                boolean refused = row.needs().contains(missing);
                // what will be refused isn't asked for: a second part would be a command
                Answer answer =
                        client.run(
                                !refused
                                        ? row.parts().toArray(String[]::new)
                                        : new String[] {row.parts().getFirst()});
                String what = row.verb() + " without " + missing;
                assertThat(answer.tagged()).as(what).startsWith(refused ? "NO [NOPERM]" : "OK");
                if (refused || !asksAndDoesWithout(row, missing)) {
                    assertThat(imap.store().told("PERSON_LACKS_OPERATION", missing.name(), ticket))
                            .as(what + " on the audit log")
                            .isEqualTo(refused);
                }
            }
        }
    }

    /** CLOSE closes without EXPUNGE; no command tells what else changed without READ. */
    private static boolean asksAndDoesWithout(Row row, Operation missing) {
        return missing == Operation.READ
                || (row.verb().equals("CLOSE") && missing == Operation.EXPUNGE);
    }

    @Test
    @Claim("DAT-3")
    void withoutFlagAMessageIsReadAndNotMarkedAndWithoutExpungeCloseOnlyCloses()
            throws IOException {
        try (Narrowing narrowing = new Narrowing(imap, Narrowing.ALL);
                ImapClient client = narrowing.connect(imap.account())) {
            narrowing.with(client, Narrowing.ALL);
            client.append("INBOX", "(\\Deleted) ", MAIL);
            client.run("SELECT INBOX");
            narrowing.without(client, Operation.FLAG);
            // RFC 4314 4: \Seen isn't set without the right to.
            assertThat(client.run("FETCH 1 BODY[TEXT]").untagged())
                    .containsExactly("* 1 FETCH (BODY[TEXT] {6}\r\nbody\r\n)");
            narrowing.without(client, Operation.EXPUNGE);
            assertThat(client.run("CLOSE").isOk()).isTrue();
            narrowing.with(client, Narrowing.ALL);
            assertThat(client.run("STATUS INBOX (MESSAGES UNSEEN)").text())
                    .contains("MESSAGES 1 UNSEEN 1");
        }
    }

    @Test
    @Claim({"DAT-3", "ATK-85"})
    void theModulesTicketBindsAsWell() throws IOException {
        EnumSet<Operation> module = EnumSet.copyOf(Narrowing.ALL);
        module.remove(Operation.FLAG);
        try (Narrowing narrowing = new Narrowing(imap, module);
                ImapClient client = narrowing.connect(imap.account())) {
            String ticket = narrowing.with(client, Narrowing.ALL);
            client.append("INBOX", "", MAIL);
            client.run("SELECT INBOX");
            assertThat(client.run("STORE 1 +FLAGS (\\Seen)").tagged()).startsWith("NO [NOPERM]");
            assertThat(imap.store().told("MODULE_LACKS_OPERATION", "FLAG", ticket)).isTrue();
            assertThat(client.run("FETCH 1 FLAGS").untagged())
                    .containsExactly("* 1 FETCH (FLAGS ())");
        }
    }

    @Test
    @Claim({"ATK-81", "ATK-83", "ATK-85"})
    void aTicketIsGoodOnItsOwnConnectionAsItWasSignedAndForAPersonOnly() throws IOException {
        String account = imap.account();
        try (Narrowing narrowing = new Narrowing(imap, Narrowing.ALL);
                ImapClient own = narrowing.connect(account)) {
            narrowing.with(own, Narrowing.ALL);
            SignedTicket stolen = narrowing.proof();
            assertThat(narrowing.enter(own, _ -> flipped(stolen))).startsWith("NO");
            assertThat(imap.store().told("SIGNATURE")).isTrue();
            assertThat(narrowing.enter(own, _ -> imap.moduleTicket(Narrowing.ALL)))
                    .startsWith("NO");
            try (ImapClient other = narrowing.connect(account)) {
                assertThat(narrowing.enter(other, _ -> stolen)).startsWith("NO");
                assertThat(other.run("LIST \"\" *").tagged()).startsWith("BAD");
            }
            assertThat(imap.store().told("BINDING")).isTrue();
            assertThat(own.run("NOOP").isOk()).isTrue();
        }
    }

    private static SignedTicket flipped(SignedTicket ticket) {
        byte[] signature = ticket.signature().clone();
        signature[5] ^= 1;
        return new SignedTicket(ticket.encoded(), signature);
    }
}
