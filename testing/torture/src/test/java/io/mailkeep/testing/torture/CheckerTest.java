package io.mailkeep.testing.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of {@code ./mailkeep torture}: kills of the node and of PostgreSQL under load, and
 * nothing is lost. Then the ledger is forged and the node is tampered with behind its back: the
 * checker says so, by the rule that it breaks.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CheckerTest {
    private static final String LAUNCHER = System.getProperty("mailkeep.launcher", "");
    private static final String BOB = "bob@example.test";

    /** Of tampering: the node is as well as it will be. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir static Path temp;

    private static Scene scene;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(!LAUNCHER.isEmpty(), "needs the launcher: ./mailkeep test");
        long seed = Long.getLong("mailkeep.seed", System.nanoTime() % 1_000_000_000);
        System.out.println("torture: -Dmailkeep.seed=" + seed);
        Stage stage = new Stage(LAUNCHER, temp);
        scene = stage.scene("scene", seed, new Extent(4, Duration.ZERO));
    }

    @AfterAll
    static void stop() throws Exception {
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    @Order(1)
    @Claim({"FLT-01", "FLT-04", "NET-5"})
    void nothingIsLostWhenTheNodeIsKilled() throws Exception {
        new KillNode().run(scene);
    }

    @Test
    @Order(2)
    @Claim("FLT-04")
    void nothingIsLostWhenPostgresIsKilled() throws Exception {
        scene.extent(new Extent(2, Duration.ZERO));
        new KillPostgres().run(scene);
    }

    @Test
    @Order(2)
    @Claim("FLT-02")
    void theNodeIsKilledAtAWrite() throws Exception {
        assumeTrue(
                Ran.command(List.of("sh", "-c", "strace -o /dev/null true"), "").status() == 0,
                "strace isn't installed, or may not trace");
        scene.extent(new Extent(1, Duration.ZERO));
        new KillAtStep().run(scene);
    }

    @Test
    @Order(3)
    void n6WhatStandsInClearIsFound() throws Exception {
        String canary = scene.letters().canary();
        Path planted = scene.site().data().resolve("log/planted");
        String shifted =
                Base64.getEncoder()
                        .encodeToString(("x" + canary).getBytes(StandardCharsets.US_ASCII));
        for (String text : List.of("so " + canary + " so", shifted)) {
            Files.writeString(planted, text);
            assertThat(ClearRules.check(scene.site(), canary).toString())
                    .contains("N6 in clear: " + planted);
        }
        byte[] key = Files.readAllBytes(scene.site().keys().resolve("a/root.key"));
        byte[] secret = Arrays.copyOfRange(key, key.length - 64, key.length - 32);
        Files.writeString(planted, HexFormat.of().formatHex(secret));
        assertThat(ClearRules.check(scene.site(), canary).toString())
                .contains("N6 a key in clear: " + planted);
        Files.delete(planted);
    }

    @Test
    @Order(4)
    void n8WhatIsLeftOverIsFound() throws Exception {
        Path planted = Files.createFile(scene.site().data().resolve("spool/left"));
        assertThat(said()).contains("N8 left over: " + planted);
        Files.delete(planted);
        scene.site().cli("keys", "seal");
        assertThat(said()).contains("N8 health isn't green");
        scene.site().cli("keys", "unseal");
        scene.check("well again");
    }

    /** From here on the ledger is forged, and stays so. */
    @Test
    @Order(5)
    void aForgedLedgerAndATamperedMailboxAreFound() throws Exception {
        Ledger ledger = scene.ledger();
        Letter never = scene.letters().next(scene.randomness());
        Attempt lost = deliver(never);
        ledger.ended(lost, LedgerEntry.Phase.ACKED, "250 2.0.0 Message taken; AAAAAAAAAAAAAAAA");

        Letter came = scene.letters().next(scene.randomness());
        Attempt refused = deliver(came);
        try (SmtpClient smtp = scene.site().smtp(25)) {
            assertThat(smtp.greet().deliver("x@y.example", List.of(BOB), came.octets()).code())
                    .isEqualTo(250);
        }
        ledger.ended(refused, LedgerEntry.Phase.REFUSED, "451");

        long taken;
        try (ImapClient imap = scene.site().imap()) {
            imap.run("LOGIN " + BOB + " " + scene.site().passwords().get(BOB));
            taken =
                    Long.parseLong(
                            imap.run("SELECT INBOX")
                                    .text()
                                    .replaceAll("(?s).*UIDVALIDITY (\\d+).*", "$1"));
            assertThat(imap.run("STORE 1:3 +FLAGS (\\Flagged)").isOk()).isTrue();
        }
        Letter another = scene.letters().next(scene.randomness());
        Attempt append =
                ledger.sent(Verb.APPEND, BOB, another.id(), "", "INBOX", "", another.digest());
        ledger.ended(
                append, LedgerEntry.Phase.ACKED, "OK [APPENDUID " + taken + " 3] APPEND completed");

        Attempt password = ledger.sent(Verb.PASSWORD, BOB, "", "", "", "never-set-40281", "");
        ledger.ended(password, LedgerEntry.Phase.ACKED, "");

        assertThat(said())
                .contains("N1 letter " + never.id())
                .contains("N1 letter " + another.id())
                .contains("N2 letter " + came.id())
                .contains("N3 Place[account=" + BOB)
                .contains("N4 letter ")
                .contains("N4 " + BOB + " can't sign in with the password that was acknowledged")
                .contains("N5 message AAAAAAAAAAAAAAAA was accepted")
                .containsPattern("N5 .* APPEND: 1 times acknowledged")
                .contains("N7 " + BOB + " signs in with a password it had before");
    }

    private static Attempt deliver(Letter letter) throws IOException {
        return scene.ledger()
                .sent(Verb.DELIVER, BOB, letter.id(), "", "INBOX", "smtp", letter.digest());
    }

    @Test
    @Order(6)
    void n5AnEntryThatIsntWhatItWasIsFound() throws Exception {
        Path bundles = scene.site().data().resolve("audit/b/tile/entries");
        Path bundle;
        try (var files = Files.walk(bundles)) {
            bundle = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
        byte[] octets = Files.readAllBytes(bundle);
        octets[octets.length / 2] ^= 1;
        Files.write(bundle, octets);
        assertThat(said()).contains("N5 audit verify says").contains("N5 a checkpoint seen before");
    }

    /** What the checker says of the node as it is now. */
    private static String said() {
        try {
            scene.checker().check("tampered", Cast.DEMO, scene.randomness(), SHORT);
        } catch (Lost lost) {
            return String.valueOf(lost.getMessage());
        } catch (IOException failed) {
            return "failed: " + failed.getMessage();
        }
        return "green";
    }
}
