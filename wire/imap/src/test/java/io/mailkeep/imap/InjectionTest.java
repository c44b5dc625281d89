package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Text that means something to a database is text here: names, keywords, and what is sought. */
@ExtendWith(ImapFixture.Resolver.class)
@Claim({"ATK-91", "ACC-3"})
class InjectionTest {
    private static final List<String> HOSTILE =
            List.of(
                    "x'; drop schema mailbox cascade; --",
                    "' or '1'='1",
                    "' or 1=1 --",
                    "$$; select pg_sleep(9); $$",
                    "_%_",
                    "{$ne: null}");

    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    @Test
    void foldersAreFoundByTheirNameAlone() throws IOException {
        try (ImapClient client = imap.signedIn()) {
            client.run("ENABLE IMAP4rev2");
            for (String name : HOSTILE) {
                String quoted = '"' + name.replace('%', 'p').replace('*', 's') + '"';
                assertThat(client.run("CREATE " + quoted).isOk()).as(name).isTrue();
                assertThat(client.run("LIST \"\" " + quoted).untagged()).as(name).hasSize(1);
                assertThat(client.run("SELECT " + quoted).isOk()).as(name).isTrue();
                String other = " \"" + HOSTILE.indexOf(name) + "' --\"";
                assertThat(client.run("RENAME " + quoted + other).isOk()).as(name).isTrue();
                assertThat(client.run("SELECT " + quoted).isOk()).as(name).isFalse();
            }
            assertThat(client.run("LIST \"\" \"_NBOX\"").untagged()).isEmpty();
        }
    }

    @Test
    void messagesAreFoundByWhatIsSoughtAlone() throws IOException {
        String account = imap.account();
        imap.deliver(account, "Subject: plain\r\n\r\nplain\r\n");
        imap.deliver(account, "Subject: it's ' or '1'='1 here\r\n\r\n50% _%_ of it\r\n");
        try (ImapClient client = imap.signedIn(account)) {
            client.run("SELECT INBOX");
            assertThat(found(client, "SUBJECT \"' or '1'='1\"")).isEqualTo("* SEARCH 2");
            assertThat(found(client, "BODY \"_%_\"")).isEqualTo("* SEARCH 2");
            for (String text : List.of("' or 1=1 --", "%", "_lain", "$1", "x'; drop table x; --")) {
                assertThat(found(client, "SUBJECT \"" + text + '"')).as(text).isEqualTo("* SEARCH");
            }
            assertThat(client.run("STORE 1 +FLAGS ($a'b;--)").isOk()).isTrue();
            assertThat(found(client, "KEYWORD $a'b;--")).isEqualTo("* SEARCH 1");
            assertThat(found(client, "KEYWORD $a_b;--")).isEqualTo("* SEARCH");
            assertThat(client.run("FETCH 1 (FLAGS)").text()).contains("$a'b;--");
        }
    }

    private static String found(ImapClient client, String keys) throws IOException {
        return client.run("SEARCH " + keys).untagged().getFirst();
    }
}
