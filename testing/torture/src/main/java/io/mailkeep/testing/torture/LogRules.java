package io.mailkeep.testing.torture;

import io.mailkeep.audit.LogReader;
import io.mailkeep.audit.LogVerifier;
import io.mailkeep.audit.LoggedEntry;
import io.mailkeep.audit.NoSubjects;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The audit log (N5): both copies verify offline by {@code mailkeep audit verify}, they go on from
 * each checkpoint that was seen before, and what the ledger knows as decided stands on them.
 */
final class LogRules {
    private static final Pattern QUEUE_ID = Pattern.compile("; ([0-9A-Z]{16})$");

    /** What the log calls what the ledger calls so. */
    private static final Map<Verb, String> CHANGES =
            Map.of(
                    Verb.STORE, "store",
                    Verb.COPY, "copy",
                    Verb.MOVE, "move",
                    Verb.EXPUNGE, "expunge",
                    Verb.CREATE, "create",
                    Verb.RENAME, "rename",
                    Verb.DELETE, "delete",
                    Verb.APPEND, "APPEND",
                    Verb.PASSWORD, "password");

    private final Site site;
    private final Set<String> checkpoints = new LinkedHashSet<>();
    private final Map<String, String> ids = new HashMap<>();
    private final long from;

    /** What the log says from now on is held against the ledger. */
    LogRules(Site site) throws IOException {
        this.site = site;
        this.from = reader(site).size();
        for (JsonNode account : site.ask("account", "list")) {
            ids.put(account.path("address").asString(), account.path("id").asString());
        }
    }

    /** Somebody sees the checkpoints as they are now. */
    void see() throws IOException {
        for (Path copy : copies()) {
            Path checkpoint = copy.resolve("checkpoint");
            if (Files.exists(checkpoint)) {
                checkpoints.add(Files.readString(checkpoint));
            }
        }
    }

    /** How many entries are published. */
    long size() {
        return reader(site).size();
    }

    /**
     * What doesn't hold.
     *
     * @param since at this place began a check in which {@code refused} sign-ins were refused
     * @param patience how long what was decided may take until it is published
     */
    List<Finding> check(List<LedgerEntry> ledger, long since, int refused, Duration patience)
            throws IOException {
        List<Finding> findings = new ArrayList<>();
        Ran verified = site.cli("audit", "verify");
        if (verified.status() != 0) {
            add(findings, "audit verify says: " + verified.out().strip());
        }
        String key = Files.readString(copies().getFirst().resolve("log.vkey")).strip();
        for (String checkpoint : checkpoints) {
            LogVerifier.Verdict verdict =
                    LogVerifier.verify(copies(), key, Optional.of(checkpoint), Time.system());
            if (!verdict.sound()) {
                add(findings, "a checkpoint seen before: " + verdict.sentences());
            }
        }
        see();
        long begun = Time.system().nanos();
        List<Finding> untold = untold(ledger, since, refused);
        while (!untold.isEmpty() && Time.system().nanos() - begun < patience.toNanos()) {
            Ran.pause(Duration.ofMillis(500));
            untold = untold(ledger, since, refused);
        }
        findings.addAll(untold);
        return findings;
    }

    private List<Finding> untold(List<LedgerEntry> ledger, long since, int refused) {
        List<Finding> findings = new ArrayList<>();
        Map<String, Integer> told = new HashMap<>();
        long[] refusedTold = new long[1];
        reader(site).stream(
                Math.min(from, since),
                _ -> true,
                entry -> {
                    if (entry.index() >= from) {
                        told.merge(key(entry), 1, Integer::sum);
                    }
                    if (entry.index() >= since && isRefusedSignIn(entry)) {
                        String count = entry.facts().getOrDefault("count", "1");
                        refusedTold[0] += Long.parseLong(count);
                    }
                });
        deliveries(ledger, told, findings);
        changes(ledger, told, findings);
        if (refusedTold[0] < refused) {
            add(findings, refused + " sign-ins were refused, the log tells of " + refusedTold[0]);
        }
        return findings;
    }

    private static boolean isRefusedSignIn(LoggedEntry entry) {
        return entry.decision().equals("REFUSED")
                && (entry.type().equals("identity.sign-in")
                        || entry.facts().getOrDefault("of", "").equals("identity.sign-in"));
    }

    /**
     * What an entry tells, so that it can be counted: a message by its queue id, or who did what.
     */
    private static String key(LoggedEntry entry) {
        return switch (entry.type()) {
            case "mailbox.delivered" ->
                    entry.facts()
                            .getOrDefault(
                                    "queueId", entry.actor() + " " + entry.facts().get("command"));
            case "mailbox.changed", "mailbox.folder-changed" ->
                    entry.actor() + " " + entry.facts().get("change");
            case "identity.password-changed" -> entry.object() + " password";
            default -> "";
        };
    }

    private static void deliveries(
            List<LedgerEntry> ledger, Map<String, Integer> told, List<Finding> findings) {
        Map<String, Integer> copies = new TreeMap<>();
        for (LedgerEntry entry : ledger) {
            Matcher id = QUEUE_ID.matcher(entry.said());
            if (entry.attempt().verb() == Verb.DELIVER
                    && entry.phase() == LedgerEntry.Phase.ACKED
                    && id.find()) {
                copies.merge(id.group(1), 1, Integer::sum);
            }
        }
        copies.forEach((id, count) -> {
            int there = told.getOrDefault(id, 0);
            if (there < count) {
                String what = "message " + id + " was accepted for " + count + " mailboxes";
                add(findings, what + ", the log tells of " + there);
            }
        });
    }

    private void changes(
            List<LedgerEntry> ledger, Map<String, Integer> told, List<Finding> findings) {
        Map<String, Integer> least = new TreeMap<>();
        Map<String, Integer> most = new TreeMap<>();
        for (LedgerEntry entry : ledger) {
            String change = CHANGES.get(entry.attempt().verb());
            if (change != null) {
                String key = ids.get(entry.attempt().account()) + " " + change;
                switch (entry.phase()) {
                    case SENT -> most.merge(key, 1, Integer::sum);
                    case ACKED -> least.merge(key, 1, Integer::sum);
                    case REFUSED -> most.merge(key, -1, Integer::sum);
                    case UNKNOWN -> {}
                }
            }
        }
        most.forEach((key, done) -> {
            int there = told.getOrDefault(key, 0);
            int acked = least.getOrDefault(key, 0);
            if (there < acked || there > done) {
                String what = key + ": " + acked + " times acknowledged, at most " + done;
                add(findings, what + " times done, the log tells of " + there);
            }
        });
    }

    private List<Path> copies() {
        return List.of(site.data().resolve("audit/a"), site.data().resolve("audit/b"));
    }

    /** The log as an auditor without keys reads it. */
    static LogReader reader(Site site) {
        Path copy = site.data().resolve("audit/a");
        try {
            return new LogReader(
                    copy, Files.readString(copy.resolve("log.vkey")).strip(), new NoSubjects());
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static void add(List<Finding> findings, String what) {
        findings.add(new Finding("N5", what));
    }
}
