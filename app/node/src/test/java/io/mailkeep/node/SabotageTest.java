package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.claims.ClaimId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.Dialogue;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each live probe of {@code claims verify} turns red when its protection is broken on a running
 * node, alone, and green again when it is mended. The volumes lie on a loop device a class and the
 * keys on another, where this machine lets the test have them: DAT-4 is proved then.
 */
@Claim({"NET-1", "NET-2", "DAT-3", "DAT-4", "DAT-6", "ATK-109"})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SabotageTest {
    private static final List<String> LIVE = List.of("DAT-3", "DAT-4", "DAT-6", "NET-1", "NET-2");

    private Planted planted;
    private LoopDevices devices;
    private RunningNode node;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        Path data = Files.createDirectories(temp.resolve("data"));
        devices = LoopDevices.on(temp.resolve("devices"));
        List<String> wrapper = new ArrayList<>();
        if (devices.usable()) {
            wrapper.addAll(devices.wrapper());
            Files.writeString(data.resolve("mailkeep.yaml"), configuration(devices));
        }
        planted = broken(temp.resolve("planted"));
        node =
                RunningNode.start(
                        wrapper,
                        planted.classPath(),
                        data,
                        List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", planted.flag()));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static String configuration(LoopDevices devices) {
        StringBuilder yaml = new StringBuilder("volumes:\n");
        for (String dataClass : List.of("public", "internal", "sensitive", "critical")) {
            yaml.append("  ").append(dataClass).append(": ").append(devices.mounted(dataClass));
            yaml.append('\n');
        }
        Path keys = devices.mounted("keys");
        yaml.append("keys:\n  a: ").append(keys.resolve("a"));
        yaml.append("\n  b: ").append(keys.resolve("b"));
        yaml.append("\naudit:\n  a: ").append(devices.mounted("audit-a"));
        return yaml.append("\n  b: ").append(devices.mounted("audit-b")).append('\n').toString();
    }

    private static Planted broken(Path folder) throws IOException {
        return new Planted(folder)
                // not broken: the minute after which a log that can't be written stops mail is
                // short
                .in(
                        "base/audit",
                        "io/mailkeep/audit/AuditLimits",
                        "10_000, Duration.ofSeconds(60),",
                        "10_000, Duration.ofSeconds(6),")
                // neither: what NET-2 waits for is short
                .in(
                        "wire/net",
                        "io/mailkeep/net/NetLimits",
                        "Duration.ofSeconds(10),",
                        "Duration.ofSeconds(3),")
                .in(
                        "govern/identity",
                        "io/mailkeep/identity/SignInLimits",
                        "Duration.ofSeconds(4), Duration.ofMinutes(1),",
                        "Duration.ofSeconds(1), Duration.ofMinutes(1),")
                .in(
                        "wire/net",
                        "io/mailkeep/net/internal/Budget",
                        "if (mine >= perAddress ||",
                        "if (mine >= perAddress && !" + Planted.on("crowded") + " ||")
                .in(
                        "wire/net",
                        "io/mailkeep/net/Listener",
                        "if (connection.overdue()) {",
                        "if (connection.overdue() && !" + Planted.on("slow") + ") {")
                .in(
                        "govern/identity",
                        "io/mailkeep/identity/internal/Throttle",
                        "int ofAccount = limits.perAccount() - account.failures;",
                        "int ofAccount = "
                                + Planted.on("guessed")
                                + " ? 1_000 : limits.perAccount() - account.failures;")
                .in(
                        "wire/imap",
                        "io/mailkeep/imap/internal/command/Proof",
                        "if (session.connection().secure()) {",
                        "if (session.connection().secure() || " + Planted.on("clear") + ") {")
                .in(
                        "wire/smtp",
                        "io/mailkeep/smtp/internal/command/Auth",
                        "if (!conversation.connection().secure()) {",
                        "if (!conversation.connection().secure() && !"
                                + Planted.on("clear")
                                + ") {")
                .in(
                        "base/tickets",
                        "io/mailkeep/tickets/TicketAuthority",
                        "if (!TicketCodec.signedBy(key.get(), signed)) {",
                        "if (!TicketCodec.signedBy(key.get(), signed) && !"
                                + Planted.on("unsigned")
                                + ") {")
                .in(
                        "base/keys",
                        "io/mailkeep/keys/DataKey",
                        "return Sealing.seal(raw, nonce(index, last), clear, offset, length, aad);",
                        "if ("
                                + Planted.on("plain")
                                + ") { byte[] plain = new byte[length + CHUNK_OVERHEAD];"
                                + " System.arraycopy(clear, offset, plain, 0, length); return plain; }"
                                + " return Sealing.seal(raw, nonce(index, last), clear, offset, length, aad);")
                .in(
                        "base/keys",
                        "io/mailkeep/keys/DataKey",
                        "return Sealing.open( raw, nonce(index, last), sealed,",
                        "if ("
                                + Planted.on("plain")
                                + ") { return java.util.Arrays.copyOf(sealed, sealed.length -"
                                + " CHUNK_OVERHEAD); } return Sealing.open( raw, nonce(index, last), sealed,")
                .in(
                        "vault/segments",
                        "io/mailkeep/segments/SegmentStore",
                        "volume(one.getKey()).append(",
                        "volume("
                                + Planted.on("misplaced")
                                + " ? DataClass.PUBLIC : one.getKey()).append(")
                .in(
                        "govern/identity",
                        "io/mailkeep/identity/SignIn",
                        "trail.record(told(attempt, who, Event.Decision.REFUSED, Map.of()));",
                        "if (!"
                                + Planted.on("untold")
                                + ") { trail.record(told(attempt, who, Event.Decision.REFUSED, Map.of())); }");
    }

    @Test
    @Order(1)
    void eachProtectionBrokenTurnsItsRowRedAndNoOther() throws Exception {
        assertThat(verdicts(verify())).isEqualTo(rows("NET-1", "proved"));

        red("clear", "NET-1", "NOT SO: imap refuses LOGIN in clear: b OK");
        red(
                "crowded",
                "NET-2",
                "NOT SO: smtp serves 200 connections of one address and not one more");
        red("slow", "NET-2", "NOT SO: imaps cuts a handshake that comes an octet at a time");
        red("guessed", "NET-2", "NOT SO: after them even the right one is turned away");
        red("unsigned", "DAT-3", "NOT SO: each of 16 forged tickets is refused");
        red("plain", "DAT-4", "NOT SO: the canary stands readable in [");
        red("untold", "DAT-6", "doesn't tell of it");

        assertThat(verdicts(verify())).isEqualTo(rows("NET-1", "proved"));
    }

    private void red(String sabotage, String claim, String said) throws Exception {
        planted.switchOn(sabotage);
        List<JsonNode> verified = verify();
        planted.switchOff(sabotage);
        assertThat(verdicts(verified)).isEqualTo(rows(claim, "failed"));
        assertThat(saw(verified, claim)).contains(said);
    }

    @Test
    @Order(3)
    void aMessageInAnotherClassVolumeIsSeen() throws Exception {
        planted.switchOn("misplaced");
        List<JsonNode> broken = verify("DAT-4");
        planted.switchOff("misplaced");
        assertThat(verdicts(broken)).isEqualTo(Map.of("DAT-4", "failed"));
        assertThat(saw(broken, "DAT-4"))
                .contains("NOT SO: nothing was written to the volume of its class, sensitive");
    }

    @Test
    @Order(2)
    void anEntryEditedOnOneDeviceIsNamed() throws Exception {
        // a whole bundle, which no later entry writes again
        Path oldest = seen(auditCopy("b")).resolve("tile/entries/000");
        for (int i = 0; i < 300 && !Files.exists(oldest); i++) {
            sent("250");
        }
        until("a whole bundle", () -> Files.exists(oldest));
        byte[] right = Files.readAllBytes(oldest);
        byte[] edited = right.clone();
        edited[40] ^= 1;
        Files.write(oldest, edited);
        List<JsonNode> broken = verify("DAT-6");
        Files.write(oldest, right);
        assertThat(verdicts(broken)).isEqualTo(Map.of("DAT-6", "failed"));
        assertThat(saw(broken, "DAT-6")).contains("NOT SO: ").contains(auditCopy("b").toString());
    }

    @Test
    @Order(3)
    void aClassOnTheDeviceOfAnotherIsNotConfigured() throws Exception {
        assumeTrue(devices.usable(), devices.missing());
        String internal = devices.mounted("internal").toString();
        inTheNodesNamespace("mount", "--bind", devices.mounted("critical").toString(), internal);
        List<JsonNode> shared = verify("DAT-4");
        inTheNodesNamespace("umount", internal);
        assertThat(verdicts(shared)).isEqualTo(Map.of("DAT-4", "not_configured"));
        assertThat(saw(shared, "DAT-4"))
                .contains("volumes share a device")
                .contains("give each class one of its own, under \"volumes\" in mailkeep.yaml");
    }

    @Test
    @Order(4)
    @Claim({"DAT-6", "ATK-116"})
    void aHungDeviceIsSetAsideAndWithBothHungMailWaitsAndNothingIsLost() throws Exception {
        assumeTrue(devices.usable(), devices.missing());
        List<String> taken = new ArrayList<>();
        try {
            inTheNodesNamespace("fsfreeze", "-f", auditCopy("b").toString());
            until("b set aside", () -> status().contains("Audit copy b is set aside"));
            assertThat(status()).contains("hangs or is blocked");
            taken.add(sent("250"));
            RunningNode.Ran alone = node.cli("keys", "rotate", "root");
            assertThat(alone.status()).as(alone.out()).isZero();

            inTheNodesNamespace("fsfreeze", "-f", auditCopy("a").toString());
            taken.add(sent("250"));
            until("a set aside", () -> status().contains("Audit copy a is set aside"));
            RunningNode.Ran stopped = node.cli("keys", "rotate", "root");
            assertThat(stopped.status()).isEqualTo(1);
            assertThat(stopped.out()).contains("could not be put on the audit log");
            until("mail waits", () -> mail().startsWith("451"));
        } finally {
            inTheNodesNamespace("fsfreeze", "-u", auditCopy("a").toString());
            inTheNodesNamespace("fsfreeze", "-u", auditCopy("b").toString());
        }
        until("both back", () -> !status().contains("is set aside"));
        until("mail is taken", () -> mail().startsWith("250"));
        for (String queueId : taken) {
            until(queueId, () -> node.cli("trace", queueId).out().contains("mailbox.delivered"));
        }
        RunningNode.Ran doctor = node.cli("doctor");
        assertThat(doctor.out()).contains("ok    Both copies of the audit log verify");
        assertThat(doctor.status()).as(doctor.out()).isZero();
    }

    @Test
    @Order(5)
    @Claim({"DAT-4", "ATK-103"})
    void sealedNothingOpensMailWaitsAndEachAttemptIsTold() throws Exception {
        RunningNode.Ran company = node.cli("company", "add", "Acme", "acme.example");
        assertThat(company.status()).as(company.out()).isZero();
        RunningNode.Ran added =
                node.cli("account", "add", "you@acme.example", "--name", "You", "--json");
        assertThat(added.status()).as(added.out()).isZero();
        String password = JsonMapper.shared().readTree(added.out()).path("password").asString();
        assertThat(mail("you@acme.example")).startsWith("250");
        try (ImapClient signedIn = imap()) {
            String login = "LOGIN you@acme.example " + password;
            assertThat(signedIn.run(login).tagged()).startsWith("OK");
            signedIn.run("SELECT INBOX");
            assertThat(node.cli("keys", "seal").status()).isZero();

            assertThat(mail("you@acme.example")).startsWith("451");
            try (ImapClient stranger = imap()) {
                String refused = stranger.run(login).tagged();
                assertThat(refused).startsWith("NO [UNAVAILABLE]").contains("sealed");
            }
            assertThat(fetched(signedIn)).doesNotContain("hello");
        }
        assertThat(node.cli("audit", "tail", "-n", "9").out())
                .containsPattern("transport.refused +REFUSED +module:mx .*unavailable")
                .containsPattern("identity.sign-in +REFUSED +module:imap nobody .*unavailable")
                .containsPattern("mailbox.read ");
        assertThat(node.cli("keys", "unseal").status()).isZero();
        assertThat(mail("you@acme.example")).startsWith("250");
        try (ImapClient again = imap()) {
            again.run("LOGIN you@acme.example " + password);
            again.run("SELECT INBOX");
            assertThat(fetched(again)).contains("hello");
        }
    }

    private ImapClient imap() throws IOException {
        return ImapClient.tls("localhost", node.port(993), Trust.in(node.ca()));
    }

    /** What comes back for the first message: lines, or that the connection ends. */
    private static String fetched(ImapClient imap) {
        try {
            return imap.run("FETCH 1 BODY.PEEK[]").text();
        } catch (IOException closed) {
            return "closed";
        }
    }

    /** Something that becomes true. */
    private interface Becomes {
        boolean now() throws Exception;
    }

    private void until(String what, Becomes becomes) throws Exception {
        for (int attempt = 0; attempt < 60; attempt++) {
            if (becomes.now()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        throw new AssertionError(what + " didn't become so; the node says\n" + node.output);
    }

    private String status() throws Exception {
        return node.cli("status").out();
    }

    /** The queue id of a message that was answered like this. */
    private String sent(String reply) throws Exception {
        String answer = mail();
        assertThat(answer).startsWith(reply);
        return answer.substring(answer.lastIndexOf(' ') + 1);
    }

    private String mail() throws IOException {
        return mail("probe@claims-probe.invalid");
    }

    private String mail(String recipient) throws IOException {
        try (Dialogue smtp = Dialogue.plain("localhost", node.port(25))) {
            smtp.reply();
            smtp.say("EHLO peer.example").reply();
            String from = smtp.say("MAIL FROM:<>").reply().getLast();
            if (!from.startsWith("250")) {
                return from;
            }
            String to = smtp.say("RCPT TO:<" + recipient + ">").reply().getLast();
            if (!to.startsWith("250")) {
                return to;
            }
            smtp.say("DATA").reply();
            return smtp.say("Subject: hello\r\n\r\nhello\r\n.").reply().getLast();
        }
    }

    private Path auditCopy(String role) {
        return devices.usable()
                ? devices.mounted("audit-" + role)
                : node.data.resolve("audit").resolve(role);
    }

    /** A path as the node's process sees it. */
    private Path seen(Path path) {
        return Path.of("/proc/" + node.process().pid() + "/root" + path);
    }

    private void inTheNodesNamespace(String... command) throws Exception {
        List<String> entered =
                new ArrayList<>(
                        List.of("nsenter", "--mount=/proc/" + node.process().pid() + "/ns/mnt"));
        entered.addAll(List.of(command));
        RunningNode.Ran ran = RunningNode.Ran.command(entered);
        assertThat(ran.status()).as(ran.out()).isZero();
    }

    /** What a run says: all claims, or these. */
    private List<JsonNode> verify(String... only) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("claims", "verify", "--json"));
        arguments.addAll(List.of(only));
        RunningNode.Ran ran = node.cli(arguments.toArray(String[]::new));
        List<JsonNode> claims = new ArrayList<>();
        JsonMapper.shared().readTree(ran.out()).forEach(claims::add);
        boolean failed = claims.stream().anyMatch(it -> verdict(it).equals("failed"));
        assertThat(ran.status()).as("1 only for a failed claim").isEqualTo(failed ? 1 : 0);
        for (JsonNode claim : claims) {
            assertThat(claim.propertyNames()).containsExactly("id", "verdict", "did", "saw", "ms");
            assertThat(claim.path("saw").asString()).isNotBlank();
            assertThat(claim.path("ms").isIntegralNumber()).isTrue();
        }
        return claims;
    }

    private static String verdict(JsonNode claim) {
        return claim.path("verdict").asString();
    }

    private static Map<String, String> verdicts(List<JsonNode> claims) {
        Map<String, String> verdicts = new TreeMap<>();
        claims.forEach(claim -> verdicts.put(claim.path("id").asString(), verdict(claim)));
        return verdicts;
    }

    private static String saw(List<JsonNode> claims, String id) {
        return claims.stream()
                .filter(claim -> claim.path("id").asString().equals(id))
                .map(claim -> claim.path("saw").asString())
                .findFirst()
                .orElseThrow();
    }

    /** Every row as it is while nothing is broken, but for one. */
    private Map<String, String> rows(String one, String verdict) {
        Map<String, String> rows = new TreeMap<>();
        for (ClaimId claim : ClaimId.values()) {
            rows.put(claim.id(), LIVE.contains(claim.id()) ? "proved" : "not_built");
        }
        if (!devices.usable()) {
            rows.put("DAT-4", "not_configured");
        }
        rows.put(one, verdict);
        return rows;
    }
}
