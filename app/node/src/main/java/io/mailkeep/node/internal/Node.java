package io.mailkeep.node.internal;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.tickets.TicketClock;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node. A start either ends with every listener ready or says in one sentence why it
 * didn't; a stop lets running commands finish for a moment and ends within 5 s.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long STOP_SECONDS = 5;

    private Node() {}

    /** Runs until told to stop; answers the exit status. */
    public static int run(
            Path directory,
            Optional<Path> keys,
            Optional<Integer> portOffset,
            boolean demo,
            PrintWriter out)
            throws IOException {
        // one guarded clock for keys and tickets: a clock set back revives nothing (ATK-82)
        TicketClock time = new TicketClock(Time.system());
        Progress progress = new Progress(out, time);
        Configuration configuration = prepare(directory, keys, portOffset, progress);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .unstarted(() -> {
                                    stop.countDown();
                                    awaitClosed(closed);
                                }));
        try (Closing closing = new Closing()) {
            closing.add(
                    NodeLock.take(
                            directory,
                            "process "
                                    + ProcessHandle.current().pid()
                                    + ", started "
                                    + time.instant()));
            Logs.into(directory);
            start(configuration, time, progress, demo, stop::countDown, closing);
            stop.await();
            progress.say("Stopping …");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | IOException | Error failure) {
            LOG.atError().setCause(failure).log("The node couldn't start");
            closed.countDown();
            throw failure;
        }
        progress.say("Stopped.");
        closed.countDown();
        return 0;
    }

    private static void awaitClosed(CountDownLatch closed) {
        try {
            if (!closed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.atWarn().log("Stopping took too long; ending now");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Configuration prepare(
            Path directory, Optional<Path> keys, Optional<Integer> portOffset, Progress progress)
            throws IOException {
        if (!Files.exists(Configuration.file(directory))) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Configuration.writeFirst(directory, keys, portOffset);
            progress.say("First start: wrote " + Configuration.file(directory));
        } else if (keys.isPresent()) {
            progress.say(
                    "--keys is for the first start; the key folders in mailkeep.yaml are used.");
        }
        return Configuration.read(directory, portOffset);
    }

    private static void start(
            Configuration configuration,
            TicketClock time,
            Progress progress,
            boolean demo,
            Runnable stop,
            Closing closing)
            throws IOException {
        Randomness randomness = Randomness.system();
        Path directory = configuration.directory();
        Installation installation = Installation.of(directory, randomness);
        Secret key =
                Secret.ofUtf8(
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(randomness.bytes(32)));
        Web web = closing.add(Web.begin(configuration, key));
        Rooms rooms =
                closing.add(new Rooms(configuration, installation, time, randomness, progress));
        Wire wire = closing.add(new Wire(configuration, rooms));
        progress.say("Starting the web server …");
        NodeStatus status = new NodeStatus(configuration, installation, rooms, wire);
        PrometheusMeterRegistry meters = Metrics.of(rooms, wire);
        web.serve(
                new Web.Served(
                        wire.chainFile(),
                        wire.keyFile(),
                        Controllers.of(configuration, rooms, status, stop),
                        status::trouble,
                        meters::scrape));
        // closed before what it serves; the first time it was added stands for a start that fails
        closing.add(web);
        closing.add(new Upkeep(configuration, rooms, wire, web));
        installation.complete(directory);
        List<Endpoints.DemoAccount> accounts =
                demo ? DemoData.ensure(configuration, rooms, progress) : List.of();
        Endpoints.write(configuration, accounts);
        new AdminEndpoint(
                        configuration.port(Setting.PORT_ADMIN),
                        wire.pin(),
                        key,
                        ProcessHandle.current().pid())
                .write(directory);
        closing.add(() -> Files.deleteIfExists(AdminEndpoint.file(directory)));
        rooms.trail.record(
                io.mailkeep.audit.Event.granted(
                        io.mailkeep.kernel.EventType.NODE_STARTED,
                        io.mailkeep.audit.Event.INSTALLATION,
                        "operator",
                        installation.id().toString(),
                        java.util.Map.of("fence", Long.toString(rooms.database.fence()))));
        progress.say("Ready.");
        progress.plain(Welcome.text(configuration, installation, rooms, accounts));
    }
}
