package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a row runs: a node, a ledger, a load on demand, and the checker that knows them. */
final class Scene implements AutoCloseable {
    private static final Pattern SWEPT =
            Pattern.compile("\\{\"orphans\":\"(\\d+)\"}.*Volumes swept");
    private static final Duration SWEPT_WITHIN = Duration.ofSeconds(60);
    private static final int MAIL = 4;
    private static final int OWNER = 50;
    private static final int STAFF = 200;

    /** How long a node may take to be well again. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Site site;
    private final Path folder;
    private final Ledger ledger;
    private final Letters letters;
    private final Map<String, String> passwords;
    private final Checker checker;
    private final long seed;
    private final Randomness randomness;
    private Extent extent;
    private final long begun = Time.system().nanos();

    private Scene(
            Site site,
            Path folder,
            Ledger ledger,
            Letters letters,
            Map<String, String> passwords,
            Checker checker,
            long seed,
            Extent extent) {
        this.site = site;
        this.folder = folder;
        this.ledger = ledger;
        this.letters = letters;
        this.passwords = passwords;
        this.checker = checker;
        this.seed = seed;
        this.randomness = Load.randomness(seed, 0, 0);
        this.extent = extent;
    }

    /**
     * Opens one around a node that is ready.
     *
     * @param folder where the ledger goes
     * @param extent how long a row is to run on it
     */
    static Scene of(Site site, Path folder, long seed, Extent extent) throws IOException {
        Map<String, String> passwords = site.passwords();
        Letters letters = new Letters("Canary" + Long.toUnsignedString(seed, 36) + "Qz7");
        Ledger ledger = Ledger.open(folder.resolve("ledger"));
        try {
            Checker checker = new Checker(site, ledger, letters, passwords);
            return new Scene(site, folder, ledger, letters, passwords, checker, seed, extent);
        } catch (IOException | RuntimeException failed) {
            ledger.close();
            throw failed;
        }
    }

    Site site() {
        return site;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Where the ledger lies, and whatever a row needs to write down. */
    Path folder() {
        return folder;
    }

    Letters letters() {
        return letters;
    }

    Checker checker() {
        return checker;
    }

    /** What a row decides by: the seed replays it. */
    Randomness randomness() {
        return randomness;
    }

    /** What runs next goes on for so long. */
    void extent(Extent next) {
        extent = next;
    }

    /** Whether there is to be another round, of which a row usually has so many. */
    boolean more(int round, int usual) {
        Duration lasted = Duration.ofNanos(Time.system().nanos() - begun);
        return extent.more(round, usual, lasted);
    }

    /** Sets a mixed load to work. */
    Load load(int round) {
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < MAIL; i++) {
            workers.add(mail(round, i));
        }
        for (String owner : Cast.DEMO.owners()) {
            workers.add(owner(owner, round));
        }
        workers.add(
                new StaffWorker(
                        site,
                        ledger,
                        Cast.DEMO.changed(),
                        Cast.DEMO.switched(),
                        Load.randomness(seed, round + 1, STAFF)));
        return Load.of(workers);
    }

    /**
     * A mixed load that has been at work for a time between these, in ms, and whose traces the
     * checker has just seen.
     */
    Load load(int round, int least, int most) throws IOException {
        Load load = load(round);
        pause(least, most);
        checker.see();
        return load;
    }

    /** Ends a load, holds the rules, and says so with the figures. */
    void held(Load load, String what) throws IOException {
        load.stop();
        check("after " + what);
        System.out.println("  " + what + ": " + figures());
    }

    /** Somebody who sends mail. */
    Worker mail(int round) {
        return mail(round, 0);
    }

    private Worker mail(int round, int number) {
        return new MailWorker(
                site,
                ledger,
                Cast.DEMO.mailboxes(),
                Cast.DEMO.receivers(),
                letters,
                number == MAIL - 1,
                Load.randomness(seed, round + 1, number));
    }

    /** The owner of this mailbox, who knows what the checker saw last. */
    MailboxWorker owner(String account, int round) {
        return new MailboxWorker(
                site,
                ledger,
                account,
                passwords.getOrDefault(account, ""),
                letters,
                Load.randomness(seed, round + 1, OWNER + account.hashCode() % OWNER),
                checker.seen());
    }

    /** The password of an account that nobody changes. */
    String password(String account) {
        return passwords.getOrDefault(account, "");
    }

    /** Randomness of its own for a part of a row. */
    Randomness randomness(int part) {
        return Load.randomness(seed, 0, part);
    }

    /** Waits a time between these, in ms, that the seed chooses. */
    void pause(int least, int most) throws IOException {
        Ran.pause(Duration.ofMillis(least + randomness.below(most - least)));
    }

    /** Holds the rules; the node should be well again or become so within a minute. */
    void check(String when) throws IOException {
        checker.check(when, Cast.DEMO, randomness, PATIENCE);
    }

    /**
     * Holds what takes long, then starts the node anew: what was appended and never committed is
     * collected by then.
     */
    void finish() throws IOException {
        checker.finish("at the end");
        long orphans = restartedSweep();
        if (orphans > 0) {
            orphans = restartedSweep();
        }
        if (orphans > 0) {
            throw new Lost(
                    "at the end",
                    List.of(new Finding("N8", "a second start still finds orphans to collect")));
        }
        check("after the last start");
    }

    private long restartedSweep() throws IOException {
        site.stop();
        Path log = site.data().resolve("log/mailkeep.jsonl");
        long from = Files.size(log);
        site.start();
        long asked = Time.system().nanos();
        while (Time.system().nanos() - asked < SWEPT_WITHIN.toNanos()) {
            byte[] all = Files.readAllBytes(log);
            int start = (int) Math.min(from, all.length);
            String since = new String(all, start, all.length - start, StandardCharsets.UTF_8);
            Matcher swept = SWEPT.matcher(since);
            if (swept.find()) {
                return Long.parseLong(swept.group(1));
            }
            Ran.pause(Duration.ofMillis(100));
        }
        throw new Lost("at the end", List.of(new Finding("N8", "the volumes weren't swept")));
    }

    /** How much was attempted, and what came of it. */
    String figures() throws IOException {
        Map<LedgerEntry.Phase, Integer> phases = new EnumMap<>(LedgerEntry.Phase.class);
        for (LedgerEntry entry : ledger.entries()) {
            phases.merge(entry.phase(), 1, Integer::sum);
        }
        int sent = phases.getOrDefault(LedgerEntry.Phase.SENT, 0);
        int acked = phases.getOrDefault(LedgerEntry.Phase.ACKED, 0);
        int refused = phases.getOrDefault(LedgerEntry.Phase.REFUSED, 0);
        return sent
                + " attempts: "
                + acked
                + " acknowledged, "
                + refused
                + " refused, "
                + (sent - acked - refused)
                + " unknown";
    }

    @Override
    public void close() throws IOException {
        try (ledger) {
            site.close();
        }
    }
}
