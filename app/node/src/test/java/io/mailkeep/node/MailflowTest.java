package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.torture.CanaryScan;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Real clients against a running node: swaks sends; imaplib, mbsync and openssl look. Nothing of it
 * is found on disk.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Claim({"NET-1", "DAT-4", "ATK-98", "ATK-99"})
class MailflowTest {
    private static final String SUBJECT = "CanarySubjectKqzXv7";
    private static final String BODY = "CanaryBodyWmPq93Lr";
    private static final String ATTACHMENT = "CanaryAttachedZt5Yb2";
    private static final String FILE_NAME = "CanaryFileHn8Gd4";
    private static final String FOLDER = "CanaryFolderJc6Rf1";
    private static final String TERM = "CanaryTermUx2Ka9";
    private static final String KEYWORD = "CanaryKeywordOe4Ss7";
    private static final List<String> CANARIES =
            List.of(SUBJECT, BODY, ATTACHMENT, FILE_NAME, FOLDER, TERM, KEYWORD);

    @TempDir static Path temp;

    static RunningNode node;

    /** When the last client that saw a canary had left, as {@link Time#nanos()} tells it. */
    private static long signedOut;

    @BeforeAll
    static void start() throws Exception {
        signedOut = Time.system().nanos();
        node = RunningNode.start(temp.resolve("data"), "--demo");
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    private static void needs(String program) {
        boolean there =
                Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(there, program + " isn't installed");
    }

    @Test
    @Order(1)
    void endpointsHaveTheirForm() throws IOException {
        JsonNode endpoints = node.endpoints();
        assertThat(endpoints.path("ca").asString()).isEqualTo("tls/ca.pem");
        assertThat(node.data.resolve(endpoints.path("ca").asString())).exists();
        assertThat(endpoints.path("smtp").path("tls").asString()).isEqualTo("starttls");
        assertThat(endpoints.path("submissions").path("tls").asString()).isEqualTo("implicit");
        assertThat(endpoints.path("lmtp").path("tls").asString()).isEqualTo("none");
        assertThat(endpoints.path("lmtp").path("port").asInt()).isEqualTo(node.port(24));
        assertThat(endpoints.path("imaps").path("port").asInt()).isEqualTo(node.port(993));
        assertThat(endpoints.path("health").path("tls").asString()).isEqualTo("none");
        assertThat(endpoints.path("accounts").size()).isEqualTo(6);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        node.data.resolve("run/endpoints.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    @Order(2)
    void swaksSendsOverStartTlsWithTheCertificateChecked() throws Exception {
        RunningNode.needsSwaks();
        Path file = Files.writeString(temp.resolve(FILE_NAME + ".txt"), ATTACHMENT);
        RunningNode.Ran sent =
                RunningNode.Ran.command(
                        "swaks",
                        "--server",
                        "127.0.0.1:" + node.port(25),
                        "--tls",
                        "--tls-verify",
                        "--tls-ca-path",
                        node.ca().toString(),
                        "--from",
                        "someone@elsewhere.example",
                        "--to",
                        "alice@example.test",
                        "--header",
                        "Subject: " + SUBJECT,
                        "--body",
                        BODY,
                        "--attach-type",
                        "text/plain",
                        "--attach-name",
                        FILE_NAME + ".txt",
                        "--attach",
                        "@" + file);
        Files.delete(file);
        assertThat(sent.status()).as(sent.out()).isZero();
    }

    @Test
    @Order(3)
    void submissionTakesMailOfItsOwnSenderAndOfNobodyElse() throws Exception {
        RunningNode.needsSwaks();
        String password = node.password("bob@example.test");
        for (List<String> tls :
                List.of(
                        List.of("--server", "127.0.0.1:" + node.port(587), "--tls"),
                        List.of("--server", "127.0.0.1:" + node.port(465), "--tls-on-connect"))) {
            assertThat(submit(tls, password, "bob@example.test", "alice@example.test").status())
                    .isZero();
            assertThat(submit(tls, password, "carol@example.test", "alice@example.test").status())
                    .isNotZero();
        }
        RunningNode.Ran outside =
                submit(
                        List.of("--server", "127.0.0.1:" + node.port(587), "--tls"),
                        password,
                        "bob@example.test",
                        "stranger@elsewhere.example");
        assertThat(outside.status()).isNotZero();
        assertThat(outside.out()).containsIgnoringCase("outbound");
    }

    private static RunningNode.Ran submit(List<String> tls, String password, String from, String to)
            throws Exception {
        List<String> command = new ArrayList<>(List.of("swaks"));
        command.addAll(tls);
        command.addAll(
                List.of(
                        "--tls-verify",
                        "--tls-ca-path",
                        node.ca().toString(),
                        "--auth",
                        "PLAIN",
                        "--auth-user",
                        "bob@example.test",
                        "--auth-password",
                        password,
                        "--from",
                        from,
                        "--to",
                        to,
                        "--body",
                        BODY));
        return RunningNode.Ran.command(command);
    }

    @Test
    @Order(4)
    void imaplibReadsSearchesAndFiles() throws Exception {
        needs("python3");
        RunningNode.Ran read =
                RunningNode.Ran.command(
                        "python3",
                        script("imap_session.py").toString(),
                        Integer.toString(node.port(993)),
                        node.ca().toString(),
                        "alice@example.test",
                        node.password("alice@example.test"),
                        SUBJECT,
                        BODY,
                        ATTACHMENT,
                        FILE_NAME,
                        FOLDER,
                        TERM,
                        KEYWORD);
        assertThat(read.out()).endsWith("done\n");
        assertThat(read.status()).isZero();
        signedOut = Time.system().nanos();
    }

    @Test
    @Order(5)
    void mbsyncMirrorsTheMailbox() throws Exception {
        needs("mbsync");
        Path maildir = Files.createDirectories(temp.resolve("mirror"));
        Path config =
                Files.writeString(
                        temp.resolve("mbsyncrc"),
                        """
                        IMAPAccount node
                        Host localhost
                        Port %d
                        User alice@example.test
                        Pass "%s"
                        SSLType IMAPS
                        CertificateFile %s
                        SystemCertificates no

                        IMAPStore far
                        Account node

                        MaildirStore near
                        Path %s/
                        Inbox %s/INBOX
                        SubFolders Verbatim

                        Channel all
                        Far :far:
                        Near :near:
                        Patterns *
                        Create Near
                        SyncState *
                        """
                                .formatted(
                                        node.port(993),
                                        node.password("alice@example.test"),
                                        node.ca(),
                                        maildir,
                                        maildir));
        for (int round = 0; round < 2; round++) {
            RunningNode.Ran synced =
                    RunningNode.Ran.command("mbsync", "-c", config.toString(), "-a");
            assertThat(synced.status()).as(synced.out()).isZero();
        }
        signedOut = Time.system().nanos();
        List<Path> mails;
        try (Stream<Path> files = Files.walk(maildir)) {
            mails =
                    files.filter(Files::isRegularFile)
                            .filter(file -> file.toString().matches(".*/(new|cur)/.*"))
                            .toList();
        }
        assertThat(mails).hasSizeGreaterThanOrEqualTo(3);
        assertThat(CanaryScan.find(List.of(maildir), List.of(BODY)))
                .as("the scan itself works")
                .isNotEmpty();
    }

    @Test
    @Order(6)
    void nothingBelowTls12IsSpoken() throws Exception {
        needs("openssl");
        for (String service : List.of("993", "465", "443")) {
            for (String version : List.of("-tls1", "-tls1_1")) {
                RunningNode.Ran tried =
                        RunningNode.Ran.command(
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + node.port(Integer.parseInt(service)),
                                version,
                                "-cipher",
                                "ALL:@SECLEVEL=0");
                assertThat(tried.out()).as(service + " " + version).contains("Cipher is (NONE)");
            }
        }
        RunningNode.Ran today =
                RunningNode.Ran.command(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + node.port(993),
                        "-CAfile",
                        node.ca().toString(),
                        "-verify_return_error");
        assertThat(today.out()).contains("Verify return code: 0 (ok)");
    }

    @Test
    @Order(6)
    @DisplayName("LMTP (RFC 2033) with swaks: an answer for each of two recipients")
    void aQueueOnThisMachineHandsOverByLmtp() throws Exception {
        RunningNode.needsSwaks();
        RunningNode.Ran sent =
                RunningNode.Ran.command(
                        "swaks",
                        "--protocol",
                        "LMTP",
                        "--server",
                        "127.0.0.1:" + node.port(24),
                        "--from",
                        "someone@elsewhere.example",
                        "--to",
                        "bob@example.test,carol@example.test",
                        "--body",
                        BODY);
        assertThat(sent.status()).as(sent.out()).isZero();
        assertThat(sent.out().lines().filter(line -> line.contains("250 2.0.0 Message taken")))
                .as(sent.out())
                .hasSize(2);
    }

    @Test
    @Order(7)
    void theCommandLineAnswers() throws Exception {
        for (String[] command :
                new String[][] {
                    {"status"},
                    {"company", "list"},
                    {"account", "list"},
                    {"keys", "status"},
                    {"audit", "tail"},
                    {"audit", "verify"},
                    {"doctor", "--store"},
                    {"config", "check"},
                    {"status", "--json"}
                }) {
            RunningNode.Ran ran = node.cli(command);
            assertThat(ran.status())
                    .as(String.join(" ", command) + "\n" + ran.out())
                    .isBetween(0, 1);
            assertThat(ran.out()).as(String.join(" ", command)).doesNotContain("Exception");
        }
        assertThat(node.cli("audit", "verify").status()).isZero();
        assertThat(Files.readString(node.data.resolve("log/mailkeep.jsonl")))
                .as("what each start does once")
                .contains("Volumes swept");
    }

    @Test
    @Order(7)
    void metricsAreNamedByRoomNounAndUnit() throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + node.port(8080) + "/metrics");
        String body;
        try (InputStream in = metrics.toURL().openStream()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> names =
                body.lines()
                        .filter(line -> line.startsWith("mailkeep_"))
                        .map(line -> line.replaceFirst("[{ ].*", ""))
                        .distinct()
                        .toList();
        assertThat(names)
                .hasSizeGreaterThan(8)
                .allMatch(name -> name.matches("mailkeep_[a-z]+_[a-z]+_[a-z]+(_total)?"));
        String answered = "mailkeep_smtp_answered_commands_total{listener=\"submission\",reply=";
        assertThat(body)
                .as("one message went in there, and two senders and recipients didn't")
                .contains(answered + "\"2xx\",verb=\"DATA\"} 1.0")
                .contains(answered + "\"4xx\",verb=\"DATA\"} 0.0")
                .contains(answered + "\"5xx\",verb=\"MAIL\"} 1.0")
                .contains(answered + "\"5xx\",verb=\"RCPT\"} 1.0")
                .contains(answered.replace("submission", "lmtp") + "\"2xx\",verb=\"DATA\"} 2.0");
    }

    @Test
    @Order(8)
    void theCanariesAreNowhereOnDisk() throws Exception {
        List<Path> folders = List.of(node.data, temp.resolve("data-keys"));
        assertThat(CanaryScan.find(folders, CANARIES)).isEmpty();
        assertThat(
                        CanaryScan.find(folders, List.of("alice@example.test")).stream()
                                .filter(found -> !found.contains("run/endpoints.json"))
                                .toList())
                .as("addresses of the directory")
                .isEmpty();
    }

    /** Root and epoch key end 32 octets before the end of their files (a SHA-256 of all before). */
    @Test
    @Order(8)
    @Claim({"ACC-4", "ATK-106"})
    void noKeyIsOutsideTheKeyFolders() throws Exception {
        Path keys = temp.resolve("data-keys");
        Map<String, byte[]> wanted = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(keys.resolve("a"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".key")).toList()) {
                String name = file.getFileName().toString();
                if (name.matches("root\\.key|epoch-\\d+\\.key")) {
                    byte[] whole = Files.readAllBytes(file);
                    int end = whole.length - 32;
                    wanted.put(name, Arrays.copyOfRange(whole, end - 32, end));
                }
            }
        }
        assertThat(wanted).hasSizeGreaterThanOrEqualTo(2);
        assertThat(CanaryScan.find(List.of(keys), wanted)).as("the scan itself works").isNotEmpty();
        Path process = Files.createDirectories(temp.resolve("process"));
        Path proc = Path.of("/proc", Long.toString(node.process().pid()));
        for (String told : List.of("cmdline", "environ")) {
            Files.write(process.resolve(told), Files.readAllBytes(proc.resolve(told)));
        }
        Files.writeString(process.resolve("output"), node.output);
        assertThat(CanaryScan.find(List.of(node.data, process), wanted)).isEmpty();
    }

    @Test
    @Order(9)
    void aMinuteAfterSignOutTheCanariesAreNotInTheHeap() throws Exception {
        long minute = signedOut + TimeUnit.MINUTES.toNanos(1);
        TimeUnit.NANOSECONDS.sleep(minute - Time.system().nanos());
        Path dump = temp.resolve("heap").resolve("live.hprof");
        Files.createDirectory(dump.getParent());
        RunningNode.Ran dumped =
                RunningNode.Ran.command(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(node.process().pid()),
                        "GC.heap_dump",
                        dump.toString());
        assertThat(dumped.status()).as(dumped.out()).isZero();
        assertThat(CanaryScan.find(List.of(dump.getParent()), List.of("io.mailkeep.node.Main")))
                .as("the dump is readable")
                .isNotEmpty();
        assertThat(CanaryScan.find(List.of(dump.getParent()), CANARIES)).isEmpty();
        Files.delete(dump);
    }

    static Path script(String name) throws IOException {
        Path script = temp.resolve(name);
        try (var in = MailflowTest.class.getResourceAsStream("/" + name)) {
            Files.write(script, java.util.Objects.requireNonNull(in).readAllBytes());
        }
        return script;
    }
}
