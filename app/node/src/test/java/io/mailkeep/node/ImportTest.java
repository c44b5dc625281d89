package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code mailkeep account import} on a running node; what files it reads: {@code AccountFileTest}.
 */
@Claim({"ACC-1", "ATK-106"})
class ImportTest {
    private static final String PASSWORD = "canary correct horse";

    private static RunningNode node;

    @TempDir Path temp;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        node = RunningNode.start(folder.resolve("data"));
        for (String domain :
                List.of("many.example", "dry.example", "mixed.example", "cut.example")) {
            RunningNode.Ran added = node.cli("company", "add", domain, domain);
            assertThat(added.status()).as(added.out()).isZero();
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(temp.resolve("accounts.csv"), text);
    }

    private RunningNode.Ran run(Path file, String... options) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("account", "import"));
        command.add(file.toString());
        command.addAll(List.of(options));
        return node.cli(command.toArray(String[]::new));
    }

    private static List<String> accounts(String domain) throws Exception {
        return node.cli("account", "list", domain).out().lines().toList();
    }

    private static int timesTold(String event) throws Exception {
        JsonNode told =
                JsonMapper.shared()
                        .readTree(node.cli("audit", "tail", "-n", "500", "--json").out());
        return told.toString().split(event, -1).length - 1;
    }

    private static void signIn(String address, String password) throws Exception {
        try (ImapClient imap = ImapClient.tls("127.0.0.1", node.port(993), Trust.in(node.ca()))) {
            ImapClient.Answer answer = imap.run("LOGIN " + address + " \"" + password + "\"");
            assertThat(answer.isOk()).as(answer.text()).isTrue();
            assertThat(imap.run("SELECT INBOX").isOk()).isTrue();
        }
    }

    /** Cut off after the first rows, then run again with all of them. */
    @Test
    void dozensAreMadeAndSignInAndASecondRunPassesOverThem() throws Exception {
        StringBuilder text = new StringBuilder("address,name,password\r\n");
        for (int i = 0; i < 12; i++) {
            text.append("p").append(i).append("@many.example,,").append(PASSWORD).append("\r\n");
        }
        Path first = temp.resolve("first.csv");
        RunningNode.Ran begun = run(file(text.toString()));
        assertThat(begun.status()).as(begun.out()).isZero();
        assertThat(begun.out()).contains("Rows: 12: 12 made.").doesNotContain("canary");

        for (int i = 12; i < 36; i++) {
            text.append("p").append(i).append("@many.example,\"Person ");
            text.append(i).append("\",").append(i % 2 == 0 ? PASSWORD : "").append("\r\n");
        }
        RunningNode.Ran refused = run(file(text.toString()));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).contains("Rows without a password: 12", "--passwords");
        assertThat(accounts("many.example")).hasSize(12);

        int before = timesTold("identity.account-added");
        RunningNode.Ran all = run(file(text.toString()), "--passwords", first.toString());
        assertThat(all.status()).as(all.out()).isZero();
        assertThat(all.out())
                .contains("line 2  p0@many.example  exists already")
                .contains("line 14  p12@many.example  made")
                .contains("Rows: 36: 24 made, 12 existed already.");
        assertThat(timesTold("identity.account-added") - before).isEqualTo(24);
        assertThat(accounts("many.example"))
                .hasSize(36)
                .contains("p3@many.example  p3", "p13@many.example  Person 13");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
                .isEqualTo("rw-------");
        List<String> generated = Files.readAllLines(first);
        assertThat(generated).hasSize(13).startsWith("address,password");
        for (String line : generated.subList(1, 13)) {
            String password = line.substring(line.indexOf(',') + 1);
            assertThat(all.out()).doesNotContain(password);
            assertThat(node.output.toString()).doesNotContain(password);
            assertThat(Files.readString(node.data.resolve("log/mailkeep.jsonl")))
                    .doesNotContain(password, PASSWORD);
        }
        signIn("p14@many.example", PASSWORD);
        String[] last = generated.getLast().split(",");
        signIn(last[0], last[1]);

        RunningNode.Ran again = run(file(text.toString()), "--passwords", first.toString());
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).contains("exists already and may hold passwords");
        assertThat(Files.readAllLines(first)).isEqualTo(generated);
    }

    @Test
    void aDryRunSaysWhatWouldBecomeOfEachRowAndChangesNothing() throws Exception {
        Path file =
                file(
                        """
                        address,name,password
                        ann@dry.example,Ann,%s
                        bob@dry.example,Bob,
                        cora@dry.example,Cora,short
                        """
                                .formatted(PASSWORD));
        Path passwords = temp.resolve("passwords.csv");
        int before = timesTold("identity.account-added");
        RunningNode.Ran dry = run(file, "--dry-run", "--passwords", passwords.toString());
        assertThat(dry.status()).as(dry.out()).isEqualTo(1);
        assertThat(dry.out())
                .contains("line 2  ann@dry.example  can be made")
                .contains("line 3  bob@dry.example  can be made")
                .contains("line 4  cora@dry.example  refused: The password is shorter than 10")
                .contains("Rows: 3: 2 to be made, 1 refused.")
                .contains("Rows without a password: 1");
        assertThat(accounts("dry.example")).singleElement().asString().startsWith("No account");
        assertThat(passwords).doesNotExist();
        assertThat(timesTold("identity.account-added")).isEqualTo(before);
    }

    @Test
    void aRowThatIsRefusedStopsNoOther() throws Exception {
        Path file =
                file(
                        """
                        address,name,password
                        first@mixed.example,First,%1$s
                        no address,X,%1$s
                        x@nowhere.example,X,%1$s
                        "FIRST@mixed.example",X,%1$s
                        short@mixed.example,X,short
                        odd\u200b@mixed.example,X,%1$s
                        last@mixed.example,Last,%1$s
                        """
                                .formatted(PASSWORD));
        RunningNode.Ran ran = run(file, "--json");
        assertThat(ran.status()).as(ran.out()).isEqualTo(1);
        JsonNode answer = JsonMapper.shared().readTree(ran.out());
        assertThat(answer.path("made").asInt()).isEqualTo(2);
        assertThat(answer.path("refused").asInt()).isEqualTo(5);
        assertThat(answer.path("rows").valueStream().map(row -> row.path("result").asString()))
                .containsExactly(
                        "made", "refused", "refused", "refused", "refused", "refused", "made");
        assertThat(answer.path("rows").valueStream().map(row -> row.path("line").asInt()))
                .containsExactly(2, 3, 4, 5, 6, 7, 8);
        assertThat(answer.path("rows").path(1).path("why").asString()).contains("mail address");
        assertThat(answer.path("rows").path(3).path("why").asString()).contains("line 2");
        assertThat(ran.out()).doesNotContain("canary");
        assertThat(accounts("mixed.example")).hasSize(2);
    }

    @Test
    void whenTheNodeDiesTheRunSaysSoAndTheNextGoesOnWithNoPasswordLost() throws Exception {
        StringBuilder text = new StringBuilder("address\n");
        for (int i = 0; i < 120; i++) {
            text.append("p").append(i).append("@cut.example\n");
        }
        Path file = file(text.toString());
        Path first = temp.resolve("first.csv");
        var cut = new FutureTask<>(() -> run(file, "--passwords", first.toString()));
        Thread.ofVirtual().start(cut);
        for (int tenths = 0; tenths < 600 && linesOf(first).size() < 5; tenths++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        // not just after a line was written, when its account isn't made yet
        TimeUnit.MILLISECONDS.sleep(300);
        node.kill();
        RunningNode.Ran broken = cut.get();
        node.restart();
        assertThat(broken.status()).as(broken.out()).isEqualTo(1);
        assertThat(broken.out())
                .contains("line 121  p119@cut.example  not done")
                .contains("It ended early: ", "Run it again for the rest");

        Path second = temp.resolve("second.csv");
        RunningNode.Ran rest = run(file, "--passwords", second.toString());
        assertThat(rest.status()).as(rest.out()).isZero();
        assertThat(accounts("cut.example")).hasSize(120);
        List<String> begun =
                rest.out().lines().filter(line -> line.endsWith("exists already")).toList();
        // four lines and two rows at a time: two are answered at least
        assertThat(begun).hasSizeBetween(2, 119);
        for (String line : begun) {
            String address = line.split("  ")[1];
            assertThat(linesOf(first)).anyMatch(known -> known.startsWith(address + ","));
        }
        String[] known = linesOf(first).get(1).split(",");
        signIn(known[0], known[1]);
    }

    private static List<String> linesOf(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
