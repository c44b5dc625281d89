package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.database.EmbeddedPostgres;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The cluster's files: made once, whole or not at all; the settings that decide who may connect are
 * written anew at every start.
 */
public final class Cluster {
    private static final String OWNER_SECRET = "owner.secret";

    private Cluster() {}

    /** Makes the cluster if absent, and returns the owner's password. */
    public static Secret prepare(
            Path home,
            Path binaries,
            Launch launch,
            Randomness randomness,
            Consumer<String> progress) {
        Path data = home.resolve("data");
        try {
            boolean shared = launch instanceof Launch.Mounted;
            Files.setPosixFilePermissions(
                    home, PosixFilePermissions.fromString(shared ? "rwx--x--x" : "rwx------"));
            Secret password = password(home, Files.isDirectory(data), randomness);
            if (!Files.isDirectory(data)) {
                progress.accept("Creating the database");
                create(home, binaries, launch, password);
            }
            requireVersion(data);
            launch.give(data);
            Path access = data.resolve("pg_hba.conf");
            write(access, "host all all 127.0.0.1/32 scram-sha-256\n");
            launch.give(access);
            return password;
        } catch (IOException e) {
            throw new DatabaseRefused(
                    "The database's files in " + home + " can't be made: " + e.getMessage(), e);
        }
    }

    private static Secret password(Path home, boolean exists, Randomness randomness)
            throws IOException {
        Path file = home.resolve(OWNER_SECRET);
        if (!Files.exists(file)) {
            if (exists) {
                throw new DatabaseRefused(
                        "The password of the database's owner is missing ("
                                + file
                                + "): restore this file from the backup of the data directory");
            }
            byte[] random = randomness.bytes(32);
            write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        }
        return Secret.ofUtf8(Files.readString(file).strip());
    }

    private static void create(Path home, Path binaries, Launch launch, Secret password)
            throws IOException {
        Path fresh = home.resolve("data.new");
        Path handed = home.resolve("init.secret");
        Binaries.remove(fresh);
        Files.createDirectory(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        launch.give(fresh);
        try {
            byte[] clear = password.exposeSecretBytes();
            write(handed, new String(clear, StandardCharsets.UTF_8) + "\n");
            launch.give(handed);
            run(
                    home,
                    launch.command(
                            home,
                            List.of(
                                    launch.seen(home, binaries.resolve("bin").resolve("initdb")),
                                    "--pgdata=" + launch.seen(home, fresh),
                                    "--username=" + EmbeddedPostgres.OWNER,
                                    "--pwfile=" + launch.seen(home, handed),
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--data-checksums")));
        } finally {
            Files.deleteIfExists(handed);
        }
        Files.move(fresh, home.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
        force(home);
    }

    private static void run(Path home, List<String> command) throws IOException {
        Path said = home.resolve("initdb.log");
        Process process = Postmaster.quiet(command).redirectOutput(said.toFile()).start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new DatabaseRefused("The database couldn't be created: see " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new DatabaseRefused("Interrupted while the database was created", e);
        }
        Files.deleteIfExists(said);
    }

    private static void requireVersion(Path data) throws IOException {
        String made = Files.readString(data.resolve("PG_VERSION")).strip();
        String brought = Binaries.version().replaceAll("\\..*", "");
        if (!made.equals(brought)) {
            throw new DatabaseRefused(
                    "The database in "
                            + data
                            + " was made by PostgreSQL "
                            + made
                            + ", this Mailkeep brings "
                            + brought
                            + ": run the Mailkeep it was made with");
        }
    }

    /** Replaces a file, readable by its owner alone, in one durable step. */
    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        Path folder = file.getParent();
        if (folder != null) {
            force(folder);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
