package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starting, stopping, starting again: what an administrator relies on. What must not start: {@link
 * RefusedStartTest}.
 */
@Claim({"FLT-01", "FLT-20"})
class LifeTest {
    /** An installation that was started once and stopped: tests begin with a copy of it. */
    private static RunningNode begun;

    @TempDir Path temp;

    @BeforeAll
    static void begin(@TempDir Path folder) throws Exception {
        begun = RunningNode.start(folder.resolve("data"), "--demo");
        begun.stop();
    }

    @Test
    void aSecondNodeOnTheSameDataIsToldWhoHoldsIt() throws Exception {
        try (RunningNode node = begun.copy(temp)) {
            node.restart();
            RunningNode.Ran second = node.cli("up");
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.out())
                    .contains("Another node runs on")
                    .contains("process " + node.process().pid());
        }
    }

    @Test
    @Claim("NET-1")
    void lmtpStaysOnLoopbackWhereverElseItListens() throws Exception {
        try (RunningNode node = begun.copy(temp)) {
            Path file = node.data.resolve("mailkeep.yaml");
            String text = Files.readString(file);
            Files.writeString(file, text.replaceFirst("(?m)^listen: .*$", "listen: 0.0.0.0"));
            node.restart();
            assertThat(node.cli("status").out())
                    .contains("0.0.0.0:" + node.port(25), "127.0.0.1:" + node.port(24));
        }
    }

    @Test
    void withoutDemoItSaysHowToGoOnAndTheCommandsWork() throws Exception {
        try (RunningNode node = RunningNode.start(temp.resolve("data"))) {
            assertThat(node.output.toString()).contains("company add").contains("account add");
            assertThat(node.cli("company", "add", "Acme", "acme.example").status()).isZero();
            RunningNode.Ran added = node.cli("account", "add", "you@acme.example", "--name", "You");
            assertThat(added.status()).as(added.out()).isZero();
            assertThat(added.out()).contains("Password (shown once");
            assertThat(node.cli("account", "add", "you@acme.example").status()).isEqualTo(1);
            assertThat(node.cli("account", "show", "you@acme.example").out()).contains("You");
            assertThat(node.endpoints().has("accounts")).isFalse();
            assertThat(node.cli("stop").status()).isZero();
            assertThat(node.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(node.process().exitValue()).isZero();
        }
    }

    /** Root runs the other tests, if it runs them at all; this one is a user without any right. */
    @Test
    void anOrdinaryUserStartsIt() throws Exception {
        assumeTrue(RunningNode.LAUNCHER.isPresent(), "needs the launcher: ./mailkeep test");
        assumeTrue(
                RunningNode.Ran.command("id", "-u").out().strip().equals("0"),
                "only root can become another user; this run is an ordinary user's anyway");
        Path clone = Path.of(RunningNode.LAUNCHER.orElseThrow()).getParent();
        Path home = temp.resolve("home");
        RunningNode.Ran moved =
                RunningNode.Ran.command(
                        "sh",
                        "-e",
                        "-c",
                        "mkdir -p $2/clone/app/node/target; cp -p $1/mailkeep $2/clone;"
                                + " cp -rp $1/app/node/target/mailkeep $2/clone/app/node/target;"
                                + " chown -R 65534:65534 $2; chmod 755 $2/..",
                        "sh",
                        clone.toString(),
                        home.toString());
        assertThat(moved.status()).as(moved.out()).isZero();
        Path data = home.resolve("data");
        try (RunningNode node =
                RunningNode.startBy(
                        List.of(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "--no-new-privs",
                                home.resolve("clone/mailkeep").toString()),
                        data,
                        "--demo")) {
            RunningNode.Ran sent = node.cli("send", "alice@example.test", "--text", "hello");
            assertThat(sent.status()).as(sent.out()).isZero();
            assertThat(Files.getAttribute(data.resolve("volumes"), "unix:uid")).isEqualTo(65534);
        }
    }

    @Test
    void afterAKillOfJavaAloneTheNextStartIsReadyAgain() throws Exception {
        try (RunningNode node = begun.copy(temp)) {
            node.restart();
            node.kill();
            node.restart();
            assertThat(node.cli("status").status()).isZero();
            assertThat(node.stop()).as("seconds to stop").isLessThan(5);
        }
    }

    @Test
    void aLostKeyFolderAndALostAuditCopyAreBegunAnewFromTheOther() throws Exception {
        try (RunningNode node = begun.copy(temp)) {
            node.restart();
            Files.move(temp.resolve("data-keys/a"), temp.resolve("lost-keys"));
            RunningNode.Ran keys = node.cli("keys", "lost", "a");
            assertThat(keys.status()).as(keys.out()).isZero();
            assertThat(temp.resolve("data-keys/a")).isNotEmptyDirectory();

            Path copy = node.data.resolve("audit/a");
            Files.move(copy, temp.resolve("lost-audit"));
            Files.createDirectory(copy);
            RunningNode.Ran audit = node.cli("audit", "replace", "a");
            for (int tries = 0; tries < 30 && audit.status() != 0; tries++) {
                TimeUnit.SECONDS.sleep(1); // it is set aside first
                audit = node.cli("audit", "replace", "a");
            }
            assertThat(audit.status()).as(audit.out()).isZero();
            RunningNode.Ran verified = node.cli("audit", "verify");
            for (int tries = 0; tries < 30 && verified.status() != 0; tries++) {
                TimeUnit.SECONDS.sleep(1);
                verified = node.cli("audit", "verify");
            }
            assertThat(verified.status()).as(verified.out()).isZero();
            node.stop();
            node.restart();
            assertThat(node.cli("keys", "status").out()).doesNotContain("SEALED");
        }
    }

    /**
     * The database of a moment ago beside the audit log and the keys of now: no key epoch lies
     * between them, only the log tells.
     */
    @Test
    @Claim("ATK-100")
    void aDatabaseThatWentBackWithinOneEpochIsNoticedAndUsedOnlyIfAccepted() throws Exception {
        RunningNode node = begun.copy(temp);
        RunningNode.copy(node.data.resolve("postgres"), temp.resolve("before"));
        node.restart();
        assertThat(node.cli("company", "add", "Later", "later.example").status()).isZero();
        node.stop();
        Files.move(node.data.resolve("postgres"), temp.resolve("newest"));
        RunningNode.copy(temp.resolve("before"), node.data.resolve("postgres"));

        node.restart();
        RunningNode.Ran sealed = node.cli("keys", "status");
        assertThat(sealed.out()).contains("went back to an earlier state");
        assertThat(sealed.out()).contains("mailkeep doctor --accept-rollback");
        node.stop();
        node.restart();
        assertThat(node.cli("keys", "status").out())
                .as("a start on it doesn't wash it clean")
                .contains("went back to an earlier state");

        RunningNode.Ran accepted = node.cli("doctor", "--accept-rollback");
        assertThat(accepted.out()).doesNotContain("went back");
        assertThat(node.cli("keys", "status").out()).doesNotContain("went back");
        node.stop();
        node.restart();
        assertThat(node.cli("keys", "status").out())
                .as("accepted once is accepted")
                .doesNotContain("went back");
        node.close();
    }
}
