package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.ImapClient.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** LIST with its extensions: RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154. */
@ExtendWith(ImapFixture.Resolver.class)
class ListTest {
    private ImapFixture imap;

    @BeforeEach
    void server(ImapFixture fixture) {
        imap = fixture;
    }

    private ImapClient tree() throws IOException {
        ImapClient client = imap.signedIn();
        for (String name : List.of("Fruit", "Fruit/Apple", "Fruit/Pear", "Veg/Leek/Old")) {
            client.run("CREATE " + name);
            client.run("UNSUBSCRIBE " + name);
        }
        for (String name : List.of("Fruit", "Veg", "Veg/Leek")) {
            client.run("UNSUBSCRIBE " + name);
        }
        client.run("SUBSCRIBE Fruit/Pear");
        return client;
    }

    private static List<String> names(Answer answer) {
        return answer.untagged().stream()
                .map(line -> line.replaceAll(" \\(\"CHILDINFO.*", ""))
                .map(line -> line.substring(line.lastIndexOf("\"/\" ") + 4).replace("\"", ""))
                .toList();
    }

    @Test
    void patterns() throws IOException {
        try (ImapClient client = tree()) {
            assertThat(client.run("LIST \"\" \"\"").untagged())
                    .containsExactly("* LIST (\\Noselect) \"/\" \"\"");
            assertThat(names(client.run("LIST \"\" %")))
                    .contains("INBOX", "Fruit", "Veg", "Sent")
                    .doesNotContain("Fruit/Apple");
            assertThat(names(client.run("LIST Fruit/ %")))
                    .containsExactly("Fruit/Apple", "Fruit/Pear");
            assertThat(names(client.run("LIST \"\" *e*r"))).containsExactly("Fruit/Pear");
            assertThat(names(client.run("LIST \"\" Veg/%/%"))).containsExactly("Veg/Leek/Old");
            assertThat(names(client.run("LIST \"\" inbox"))).containsExactly("INBOX");
            assertThat(names(client.run("LIST \"\" nothing"))).isEmpty();
            assertThat(client.run("LIST \"\" Sent").text()).contains("(\\HasNoChildren \\Sent)");
        }
    }

    @Test
    void severalPatternsAndReturnOptions() throws IOException {
        try (ImapClient client = tree()) {
            Answer answer =
                    client.run(
                            "LIST \"\" (Fruit Veg/Leek) RETURN (SUBSCRIBED CHILDREN SPECIAL-USE"
                                    + " STATUS (MESSAGES UIDNEXT))");
            assertThat(answer.untagged())
                    .containsExactly(
                            "* LIST (\\HasChildren) \"/\" \"Fruit\"",
                            "* STATUS \"Fruit\" (MESSAGES 0 UIDNEXT 1)",
                            "* LIST (\\HasChildren) \"/\" \"Veg/Leek\"",
                            "* STATUS \"Veg/Leek\" (MESSAGES 0 UIDNEXT 1)");
            assertThat(client.run("LIST \"\" \"Fruit/Pear\" RETURN (SUBSCRIBED)").text())
                    .contains("(\\HasNoChildren \\Subscribed) \"/\" \"Fruit/Pear\"");
        }
    }

    @Test
    void selectionOptions() throws IOException {
        try (ImapClient client = tree()) {
            assertThat(names(client.run("LIST (SUBSCRIBED) \"\" Fruit*")))
                    .containsExactly("Fruit/Pear");
            assertThat(client.run("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %").text())
                    .contains("\"Fruit\" (\"CHILDINFO\" (\"SUBSCRIBED\"))")
                    .doesNotContain("Veg");
            // What is listed itself needs no mention above it (RFC 9051 6.3.9.6).
            assertThat(names(client.run("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" *")))
                    .contains("Fruit/Pear")
                    .doesNotContain("Fruit");
            assertThat(names(client.run("LIST (SPECIAL-USE) \"\" *")))
                    .containsExactlyInAnyOrder("Archive", "Drafts", "Junk", "Sent", "Trash");
            assertThat(names(client.run("LIST (REMOTE) \"\" Fruit"))).containsExactly("Fruit");
            assertThat(names(client.run("LIST () \"\" Fruit"))).containsExactly("Fruit");
            assertThat(client.run("LIST (RECURSIVEMATCH) \"\" %").tagged()).startsWith("BAD");
            assertThat(client.run("LIST (RECURSIVEMATCH REMOTE) \"\" %").tagged())
                    .startsWith("BAD");
            assertThat(client.run("LIST (FOO) \"\" %").tagged()).startsWith("BAD");
            assertThat(client.run("LIST \"\" % RETURN (FOO)").tagged()).startsWith("BAD");
        }
    }

    @Test
    @Timeout(20)
    @Claim("ATK-50")
    void noPatternTakesLong() throws IOException {
        try (ImapClient client = tree()) {
            assertThat(client.run("LIST \"\" \"" + "%*".repeat(2_500) + "\"").isOk()).isTrue();
            assertThat(client.run("LIST \"\" \"" + "a*%".repeat(2_500) + "b\"").untagged())
                    .isEmpty();
            assertThat(client.run("LIST \"\" (" + "a ".repeat(100) + "a)").tagged())
                    .startsWith("BAD");
        }
    }
}
