package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.database.internal.Identity;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Our own PostgreSQL through its whole life, in one directory below a root-only one. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedPostgresTest {
    private static Path top;
    private static Path home;
    private static final List<String> SAID = new ArrayList<>();

    @BeforeAll
    static void folder() throws IOException {
        top = Files.createTempDirectory("mailkeep-embedded");
        Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx------"));
        home = top.resolve("data").resolve("postgres");
    }

    @AfterAll
    static void remove() throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Test
    @Order(1)
    @Claim("FLT-28")
    void startsDurableLocalAndWithoutPasswordsInTheClear() throws Exception {
        try (EmbeddedPostgres postgres = start();
                Connection owner = SharedPostgres.owner(postgres.location())) {
            assertThat(SAID)
                    .containsExactly(
                            "Unpacking PostgreSQL 18.6.0",
                            "Creating the database",
                            "Starting PostgreSQL");
            for (String setting :
                    List.of(
                            "fsync on",
                            "full_page_writes on",
                            "synchronous_commit on",
                            "data_checksums on",
                            "listen_addresses 127.0.0.1",
                            "unix_socket_directories ",
                            "password_encryption scram-sha-256",
                            "log_timezone UTC",
                            "log_statement none",
                            "server_encoding UTF8",
                            "lc_messages C")) {
                String[] pair = setting.split(" ", 2);
                assertThat(text(owner, "select current_setting('" + pair[0] + "')"))
                        .as(pair[0])
                        .isEqualTo(pair[1]);
            }
            assertThat(
                            text(
                                    owner,
                                    "select datcollate || ' ' || datctype from pg_database where"
                                            + " datname = 'mailkeep'"))
                    .isEqualTo("C C");
            assertThat(
                            text(
                                    owner,
                                    "select string_agg(distinct auth_method, ',')"
                                            + " from pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
            assertThat(Files.getPosixFilePermissions(home.resolve("owner.secret")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(names(home))
                    .containsExactlyInAnyOrder("bin-18.6.0", "data", "lock", "log", "owner.secret");
        }
    }

    @Test
    @Order(2)
    void asRootItHasNoCapabilityLeft() throws Exception {
        assumeTrue(Identity.root(), "not started by root");
        long before = System.nanoTime();
        try (EmbeddedPostgres postgres = start();
                Connection owner = SharedPostgres.owner(postgres.location())) {
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertThat(took).as("a second start").isLessThan(Duration.ofSeconds(6));
            long postmaster = postgres.postmaster().orElseThrow();
            long session = Long.parseLong(text(owner, "select pg_backend_pid()"));
            for (long pid : List.of(postmaster, session)) {
                String status = Files.readString(Path.of("/proc/" + pid + "/status"));
                assertThat(status)
                        .containsPattern("CapEff:\t0+\n")
                        .containsPattern("CapPrm:\t0+\n")
                        .containsPattern("CapBnd:\t0+\n")
                        .containsPattern("CapInh:\t0+\n")
                        .containsPattern("NoNewPrivs:\t1\n")
                        .doesNotContainPattern("Uid:\t(.*\t)?0(\t.*)?\n")
                        .doesNotContainPattern("Gid:\t(.*\t)?0(\t.*)?\n")
                        .containsPattern("Groups:\t *\n");
            }
            assertThat(postgres.warning()).isEmpty();
            assertThatThrownBy(() -> text(owner, "select pg_read_file('/etc/shadow')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Permission denied");
            assertThatThrownBy(() -> text(owner, "select pg_read_file('../owner.secret')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Permission denied");
        }
    }

    @Test
    @Order(3)
    @Claim("FLT-20")
    void aSecondStartOnTheSameDirectoryIsRefusedNamingTheHolder() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            assertThat(postgres.port()).isBetween(20_000, 32_000);
            assertThatThrownBy(EmbeddedPostgresTest::start)
                    .isInstanceOf(DatabaseRefused.class)
                    .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
        }
        Process child = child();
        try {
            assertThatThrownBy(EmbeddedPostgresTest::start)
                    .isInstanceOf(DatabaseRefused.class)
                    .hasMessageContaining("in use by process " + child.pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    @Order(4)
    void killedWithItsParentItStopsAndTheNextStartIsReady() throws Exception {
        Process child = child();
        long orphan = postmaster(child);
        assertThat(runs(orphan)).isTrue();
        child.destroyForcibly().waitFor();
        long killed = System.nanoTime();
        while (runs(orphan)) {
            assertThat(Duration.ofNanos(System.nanoTime() - killed))
                    .as("it hears of its parent's death")
                    .isLessThan(Duration.ofSeconds(20));
        }
        try (EmbeddedPostgres postgres = start()) {
            assertThat(SAID).doesNotContain("Stopping a PostgreSQL that was left behind");
            assertThat(postgres.postmaster().orElseThrow()).isNotEqualTo(orphan);
        }
    }

    @Test
    @Order(5)
    @Claim("FLT-20")
    void anOrphanIsStoppedNeverAdopted() throws Exception {
        Process child = child();
        long orphan = postmaster(child);
        // Stopped, it can't hear the kernel's signal at its parent's death.
        signal("STOP", orphan);
        child.destroyForcibly().waitFor();
        assertThat(runs(orphan)).isTrue();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        Time.system().sleep(Duration.ofMillis(300));
                        signal("CONT", orphan);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        try (EmbeddedPostgres postgres = start()) {
            assertThat(SAID).contains("Stopping a PostgreSQL that was left behind");
            assertThat(runs(orphan)).isFalse();
            assertThat(postgres.postmaster().orElseThrow()).isNotEqualTo(orphan);
        }
    }

    @Test
    @Order(6)
    void aStaleLockFileThatNamesAStrangersProcessHarmsNobody() throws Exception {
        // Nor does a shell that somebody left standing in the folder.
        Process stranger =
                new ProcessBuilder("sleep", "60").directory(home.resolve("data").toFile()).start();
        try {
            Files.writeString(
                    home.resolve("data").resolve("postmaster.pid"),
                    stranger.pid() + "\n" + home.resolve("data") + "\n");
            start().close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    @Order(7)
    @Claim("FLT-04")
    void aPostmasterThatDiesAloneIsStartedAgain() throws Exception {
        try (Database database =
                SharedPostgres.open(
                        new DatabaseLocation.Embedded(home), SharedPostgres.INSTALLATION)) {
            TenantId tenant = new TenantId(UUID.randomUUID());
            MailboxFixture mailbox = MailboxFixture.create(database, tenant);
            DropboxCalls calls = new DropboxCalls(database.room(Room.DROPBOX));
            DropboxCalls.Group group = mailbox.group();
            calls.deliver(group);
            signal("KILL", database.postmaster().orElseThrow());
            long killed = System.nanoTime();
            int refused = 0;
            List<DropboxCalls.Result> answer = List.of();
            // What was connected may be served once more before it notices.
            while (answer.isEmpty() || refused == 0) {
                assertThat(Duration.ofNanos(System.nanoTime() - killed))
                        .isLessThan(Duration.ofSeconds(20));
                try {
                    answer = calls.deliver(group);
                } catch (Unavailable e) {
                    assertThat(e.problem().reply()).isEqualTo(451);
                    refused++;
                    answer = List.of();
                }
            }
            assertThat(refused).as("451 meanwhile").isPositive();
            assertThat(answer.getFirst()).isInstanceOf(DropboxCalls.Result.Already.class);
            assertThat(calls.deliver(mailbox.group()).getFirst())
                    .isInstanceOf(DropboxCalls.Result.Delivered.class);
        }
    }

    @Test
    @Order(8)
    void stopsQuicklyAlsoWithASessionInTheMiddle() throws Exception {
        EmbeddedPostgres postgres = start();
        try (Connection session = SharedPostgres.owner(postgres.location())) {
            session.setAutoCommit(false);
            text(session, "select 1");
            long before = System.nanoTime();
            postgres.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(3));
        } catch (SQLException closing) {
            assertThat(closing.getSQLState()).isIn("08006", "57P01", "08003");
        }
        assertThat(postgres.postmaster()).isEmpty();
        assertThat(home.resolve("data").resolve("postmaster.pid")).doesNotExist();
    }

    /** Nor a verifier of RFC 5802. */
    @Test
    @Order(9)
    void noStatementAndNoValueStandsInItsLog() throws Exception {
        try (EmbeddedPostgres postgres = start();
                Connection owner = SharedPostgres.owner(postgres.location())) {
            assertThatThrownBy(() -> text(owner, "select 'canary-7731'::uuid"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> text(owner, "select canary_7731 from nothing"))
                    .isInstanceOf(SQLException.class);
        }
        for (String name : names(home.resolve("log"))) {
            assertThat(Files.readString(home.resolve("log").resolve(name)))
                    .contains("database system is ready")
                    .doesNotContain("7731")
                    .doesNotContainIgnoringCase("scram");
        }
    }

    @Test
    @Order(10)
    void whatAPowerCutLeftHalfUnpackedIsUnpackedAgain() throws Exception {
        Path program = home.resolve("bin-18.6.0").resolve("bin").resolve("postgres");
        long size = Files.size(program);
        Files.write(program, new byte[0]);
        Files.createDirectories(home.resolve("bin-18.6.0.tmp").resolve("left"));
        start().close();
        assertThat(SAID).contains("Unpacking PostgreSQL 18.6.0");
        assertThat(program).hasSize(size);
        assertThat(home.resolve("bin-18.6.0.tmp")).doesNotExist();
    }

    @Test
    @Order(11)
    void dataOfAnotherVersionOrWithoutItsPasswordIsRefused() throws Exception {
        Path version = home.resolve("data").resolve("PG_VERSION");
        Files.writeString(version, "17\n");
        assertThatThrownBy(EmbeddedPostgresTest::start)
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("made by PostgreSQL 17, this Mailkeep brings 18");
        Files.writeString(version, "18\n");
        Path secret = home.resolve("owner.secret");
        Path away = top.resolve("away");
        Files.move(secret, away);
        assertThatThrownBy(EmbeddedPostgresTest::start)
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("restore this file");
        Files.move(away, secret);
        start().close();
    }

    @Test
    @Order(12)
    @Claim("FLT-28")
    void noFileLoosensIt() throws Exception {
        Path file = home.resolve("data").resolve("postgresql.auto.conf");
        String before = Files.readString(file);
        List<String> loose =
                List.of(
                        "fsync = off",
                        "full_page_writes = off",
                        "synchronous_commit = off",
                        "listen_addresses = '*'",
                        "log_statement = 'all'",
                        "log_connections = on",
                        "password_encryption = 'md5'");
        Files.writeString(file, before + String.join("\n", loose) + "\n");
        try (EmbeddedPostgres postgres = start();
                Connection owner = SharedPostgres.owner(postgres.location())) {
            for (String setting : loose) {
                String name = setting.split(" ", 2)[0];
                assertThat(
                                text(
                                        owner,
                                        "select source from pg_settings where name = '"
                                                + name
                                                + "'"))
                        .as(name)
                        .isEqualTo("command line");
            }
        } finally {
            Files.writeString(file, before);
        }
    }

    @Test
    @Order(13)
    @Claim("FLT-20")
    void aRefusedStartLeavesNothingRunning() {
        DatabaseLocation.Embedded place = new DatabaseLocation.Embedded(home);
        InstallationId other = new InstallationId(UUID.randomUUID());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> SharedPostgres.open(place, other))
                    .isInstanceOf(DatabaseRefused.class)
                    .hasMessageContaining("belongs to installation");
        }
        start().close();
        assertThat(SAID).containsExactly("Starting PostgreSQL");
    }

    private static EmbeddedPostgres start() {
        SAID.clear();
        return EmbeddedPostgres.start(home, Time.system(), Randomness.system(), SAID::add);
    }

    /** A virtual machine of its own that holds the directory. */
    private static Process child() throws IOException {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                ChildNode.class.getName(),
                                home.toString())
                        .redirectError(top.resolve("child.log").toFile())
                        .start();
        BufferedReader lines =
                new BufferedReader(
                        new java.io.InputStreamReader(
                                child.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        assertThat(line).as(Files.readString(top.resolve("child.log"))).startsWith("ready ");
        return child;
    }

    private static long postmaster(Process child) throws IOException {
        assertThat(child.isAlive()).isTrue();
        return Long.parseLong(
                Files.readAllLines(home.resolve("data").resolve("postmaster.pid")).getFirst());
    }

    /** One that has ended may stand in the list until somebody asks how. */
    private static boolean runs(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        try {
            return !Files.readString(status).contains("State:\tZ");
        } catch (java.nio.file.NoSuchFileException e) {
            return false;
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid).start().waitFor();
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(one -> one.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
