package io.mailkeep.imap;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Event;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client is told while something that we stand on fails: nothing that isn't so. */
@ExtendWith(ImapFixture.Resolver.class)
class FaultsTest {
    private static final String MAIL = "Subject: x\n\nbody\n";

    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    /** The database dies in the commit: NO would be a lie half of the time, and so would be OK. */
    @Test
    @Claim({"FLT-04", "FLT-23"})
    void aCommandWhoseOutcomeNobodyKnowsHasNoAnswer() throws Exception {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account)) {
            client.append("INBOX", "", MAIL);
            client.run("SELECT INBOX");
            diesInTheCommit();
            try {
                client.send(client.tag() + " STORE 1 +FLAGS (\\Flagged)\r\n");
                assertThat(client.response())
                        .isEqualTo(
                                "* BYE What became of the command can't be told now: reconnect and look");
                assertThat(client.isClosedByServer()).isTrue();
            } finally {
                sql("drop trigger dies on mailbox.message");
            }
        }
        try (ImapClient client = imap.signedIn(account)) {
            client.run("SELECT INBOX");
            assertThat(client.run("FETCH 1 FLAGS").isOk()).isTrue();
        }
    }

    /** Another session brought a keyword that can't be read while the keys are sealed. */
    @Test
    @Claim("FLT-39")
    void whatWasDoneIsAnsweredThoughOthersChangesCantBeToldYet() throws IOException {
        String account = imap.account();
        try (ImapClient client = imap.signedIn(account);
                ImapClient other = imap.signedIn(account)) {
            client.append("INBOX", "(\\Deleted) ", MAIL);
            client.append("INBOX", "", MAIL);
            client.run("SELECT INBOX");
            other.run("SELECT INBOX");
            other.run("STORE 2 +FLAGS ($Brought)");
            done(imap.store().admin().seal(keys()));
            try {
                assertThat(client.run("EXPUNGE").text()).isEqualTo("OK EXPUNGE completed");
            } finally {
                done(imap.store().admin().unseal(keys()));
            }
            // told by itself: nobody has to ask for it
            assertThat(client.run("SUBSCRIBE INBOX").untagged())
                    .contains("* 1 EXPUNGE", "* 1 FETCH (UID 2 FLAGS ($Brought))");
        }
    }

    private io.mailkeep.tickets.Access keys() {
        return imap.store().module(Operation.KEYS, Event.INSTALLATION);
    }

    private void diesInTheCommit() throws SQLException {
        sql(
                """
                create or replace function public.dies() returns trigger language plpgsql security definer as $$
                begin
                    perform pg_terminate_backend(pg_backend_pid());
                    return null;
                end $$
                """);
        sql(
                """
                create constraint trigger dies after update on mailbox.message
                deferrable initially deferred for each row execute function public.dies()
                """);
    }

    private void sql(String statement) throws SQLException {
        try (Connection owner = SharedPostgres.owner(imap.store().location());
                Statement run = owner.createStatement()) {
            run.execute(statement);
        }
    }
}
