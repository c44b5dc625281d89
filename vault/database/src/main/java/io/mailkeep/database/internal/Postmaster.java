package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server. One thread starts it, waits for it and starts it again when it dies alone; it
 * lives as long as the server should, since the kernel's signal at our death is tied to the thread
 * that started the process.
 */
public final class Postmaster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration STARTING = Duration.ofMinutes(5);

    private final Path home;
    private final List<String> command;
    private final int port;
    private final Time time;
    private final BoundedLog log;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable Process process;

    private Postmaster(Path home, List<String> command, int port, Time time) throws IOException {
        this.home = home;
        this.command = command;
        this.port = port;
        this.time = time;
        this.log = new BoundedLog(home.resolve("log"));
    }

    /** Starts the server; connections are answered when it returns. */
    public static Postmaster start(
            Path home, Path binaries, Launch launch, Time time, Randomness randomness) {
        try {
            int port = freePort(randomness);
            List<String> program = new ArrayList<>();
            program.add(launch.seen(home, binaries.resolve("bin").resolve("postgres")));
            program.add("-D");
            program.add(launch.seen(home, home.resolve("data")));
            for (String setting : settings(port)) {
                program.add("-c");
                program.add(setting);
            }
            Postmaster server = new Postmaster(home, launch.command(home, program), port, time);
            Thread keeper =
                    Thread.ofPlatform().name("postgres-keeper").daemon().unstarted(server::keep);
            keeper.start();
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new DatabaseRefused("PostgreSQL couldn't be started: " + e.getMessage(), e);
        }
    }

    /** The TCP port on loopback. */
    public int port() {
        return port;
    }

    /** The process id, while it runs. */
    public Optional<Long> pid() {
        return Optional.ofNullable(process).filter(Process::isAlive).map(Process::pid);
    }

    /** Fast shutdown; harder if that takes longer than it should. */
    @Override
    public void close() {
        stopping = true;
        for (String signal : List.of("INT", "QUIT", "KILL")) {
            pid().ifPresent(pid -> Orphans.kill(pid, signal));
            try {
                if (ended.await(4, TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                // The kernel stops it with us (INT was sent already).
                Thread.currentThread().interrupt();
                return;
            }
        }
        LOG.atError().log("PostgreSQL doesn't stop");
    }

    /**
     * Durable (a commit that was answered is on disk), local, small, and silent about statements
     * and values. On the command line they win over any file.
     */
    private static List<String> settings(int port) {
        return List.of(
                "fsync=on",
                "full_page_writes=on",
                "synchronous_commit=on",
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                "max_connections=100",
                "superuser_reserved_connections=5",
                "shared_buffers=32MB",
                "huge_pages=off",
                "work_mem=4MB",
                "maintenance_work_mem=32MB",
                "max_wal_size=256MB",
                "max_parallel_workers_per_gather=0",
                "max_worker_processes=4",
                "autovacuum_max_workers=2",
                // fresh tables get statistics before a first load is over
                "autovacuum_naptime=10s",
                "io_method=sync",
                "jit=off",
                "timezone=UTC",
                "log_timezone=UTC",
                "datestyle=ISO",
                "deadlock_timeout=500ms",
                "restart_after_crash=on",
                "logging_collector=off",
                "log_destination=stderr",
                "log_statement=none",
                "log_min_messages=log",
                "log_min_error_statement=panic",
                "log_error_verbosity=terse",
                "log_checkpoints=off",
                "log_connections=off",
                "log_line_prefix=%m [%p] ");
    }

    /** Below the range from which the kernel takes ports for connections going out. */
    private static int freePort(Randomness randomness) throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = 20_000 + randomness.below(12_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                LOG.atDebug().addKeyValue("port", port).log("port is taken");
            }
        }
        throw new IOException("no free port between 20000 and 32000 on 127.0.0.1");
    }

    static ProcessBuilder quiet(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true);
        String path = builder.environment().getOrDefault("PATH", "");
        builder.environment().clear();
        builder.environment().put("PATH", path + ":/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    private void keep() {
        try {
            Duration pause = Duration.ofMillis(100);
            boolean first = true;
            while (!stopping) {
                if (!first) {
                    LOG.atError().log("PostgreSQL died and is started again");
                    time.sleep(pause);
                    pause =
                            pause.multipliedBy(2).compareTo(Duration.ofSeconds(2)) > 0
                                    ? Duration.ofSeconds(2)
                                    : pause.multipliedBy(2);
                }
                long started = time.nanos();
                int exit = runOnce();
                if (first && !ready.get()) {
                    return;
                }
                first = false;
                if (Duration.ofNanos(time.nanos() - started).compareTo(Duration.ofSeconds(30))
                        > 0) {
                    pause = Duration.ofMillis(100);
                }
                LOG.atInfo().addKeyValue("exit", exit).log("PostgreSQL ended");
            }
        } catch (IOException e) {
            LOG.atError().setCause(e).log("PostgreSQL can't be started");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private final java.util.concurrent.atomic.AtomicBoolean ready =
            new java.util.concurrent.atomic.AtomicBoolean();

    private int runOnce() throws IOException, InterruptedException {
        Process started = quiet(command).start();
        process = started;
        started.getOutputStream().close();
        Thread.ofPlatform()
                .name("postgres-log")
                .daemon()
                .start(() -> log.drain(started.getInputStream()));
        return started.waitFor();
    }

    private void awaitReady() {
        Path pidFile = home.resolve("data").resolve("postmaster.pid");
        long end = time.nanos() + STARTING.toNanos();
        try {
            while (time.nanos() - end < 0) {
                if (ended.getCount() == 0) {
                    throw new DatabaseRefused(
                            "PostgreSQL didn't start: "
                                    + log.last()
                                    + " (see "
                                    + home.resolve("log")
                                    + ")");
                }
                if (answers(pidFile)) {
                    ready.set(true);
                    return;
                }
                time.sleep(Duration.ofMillis(10));
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new DatabaseRefused("Interrupted while PostgreSQL was starting", e);
        } catch (IOException e) {
            close();
            throw new DatabaseRefused("PostgreSQL can't be watched: " + e.getMessage(), e);
        }
        close();
        throw new DatabaseRefused(
                "PostgreSQL wasn't ready after "
                        + STARTING.toMinutes()
                        + " minutes: see "
                        + home.resolve("log"));
    }

    /** The eighth line of its lock file says {@code ready} once connections are answered. */
    private boolean answers(Path pidFile) throws IOException {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return lines.size() > 7
                    && pid().isPresent()
                    && lines.getFirst().strip().equals(Long.toString(pid().get()))
                    && lines.get(7).strip().equals("ready");
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
