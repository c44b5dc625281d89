package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was attempted and what came of it, kept outside the system under test and outside the load:
 * each call comes back once its line is on the disk, synced by {@link LedgerKeeper}. Any thread.
 */
final class Ledger implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;
    private final Process keeper;
    private final Writer toKeeper;
    private final AtomicLong attempts = new AtomicLong();
    private long written;
    private long durable;
    private boolean ended;

    private Ledger(Path file, Process keeper) {
        this.file = file;
        this.keeper = keeper;
        this.toKeeper = keeper.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a ledger in this file, which isn't there yet, with a process of its own. */
    static Ledger open(Path file) throws IOException {
        Process keeper =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx32m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LedgerKeeper.class.getName(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Ledger ledger = new Ledger(file, keeper);
        Thread.ofPlatform().daemon().name("ledger").start(ledger::listen);
        return ledger;
    }

    private void listen() {
        try (BufferedReader counts =
                new BufferedReader(
                        new InputStreamReader(keeper.getInputStream(), StandardCharsets.UTF_8))) {
            for (String count = counts.readLine(); count != null; count = counts.readLine()) {
                synchronized (this) {
                    durable = Long.parseLong(count);
                    notifyAll();
                }
            }
        } catch (IOException gone) {
            // told below, like an end
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    /** Writes down what is going to be tried. */
    Attempt sent(
            Verb verb,
            String account,
            String letter,
            String from,
            String to,
            String detail,
            String digest)
            throws IOException {
        Attempt attempt =
                new Attempt(
                        attempts.incrementAndGet(),
                        verb,
                        account,
                        letter,
                        from,
                        to,
                        detail,
                        digest);
        write(attempt, LedgerEntry.Phase.SENT, "");
        return attempt;
    }

    /** Writes down what came of it. */
    void ended(Attempt attempt, LedgerEntry.Phase phase, String said) throws IOException {
        write(attempt, phase, said);
    }

    private synchronized void write(Attempt attempt, LedgerEntry.Phase phase, String said)
            throws IOException {
        String at = Time.system().instant().toString();
        toKeeper.write(JSON.writeValueAsString(new LedgerEntry(attempt, phase, at, said)) + "\n");
        toKeeper.flush();
        long mine = ++written;
        while (durable < mine) {
            if (ended) {
                throw new IOException("the ledger's process ended");
            }
            try {
                wait();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IOException("stopped while the ledger was written", stopped);
            }
        }
    }

    /** How many attempts it has numbered. */
    long attempts() {
        return attempts.get();
    }

    /** Everything that stands in it now, oldest first. */
    List<LedgerEntry> entries() throws IOException {
        return read(file);
    }

    /** What stands in a ledger's file; a last line that was cut off is left out. */
    static List<LedgerEntry> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        List<LedgerEntry> entries = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            try {
                entries.add(JSON.readValue(lines.get(i), LedgerEntry.class));
            } catch (JacksonException torn) {
                if (i < lines.size() - 1) {
                    throw new IOException("line " + (i + 1) + " of " + file + " is torn", torn);
                }
            }
        }
        return entries;
    }

    /** The process that keeps it. */
    ProcessHandle keeper() {
        return keeper.toHandle();
    }

    @Override
    public void close() throws IOException {
        toKeeper.close();
        try {
            keeper.waitFor();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
