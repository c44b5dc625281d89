package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a mailbox at work by IMAP, the only one who changes it: appends, flags, copies,
 * moves, expunges, makes, renames and deletes folders. What it did without learning the outcome it
 * leaves alone until somebody looked.
 */
final class MailboxWorker implements Worker {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern UID =
            Pattern.compile("\\[(?:APPENDUID \\d+ (\\d+)|COPYUID \\d+ \\d+ (\\d+))]");
    private static final Pattern ARRIVED = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern LETTER = Pattern.compile("X-Torture: ([^\\r\\n]+)\\r");
    private static final int FOLDERS_MAX = 6;

    /** A message that is surely there. */
    private record Held(String letter, String place, long uid, Set<String> flags) {}

    private final Site site;
    private final Ledger ledger;
    private final String account;
    private final String password;
    private final Letters letters;
    private final Randomness randomness;
    private final List<Held> held = new ArrayList<>();

    /** Names of folders that are surely there, by mark. */
    private final Map<String, String> folders = new HashMap<>();

    /** Letters it did something with, whatever came of it. */
    private final Set<String> touched = new HashSet<>();

    private @Nullable ImapClient client;
    private String selected = "";
    private long looked;

    MailboxWorker(
            Site site,
            Ledger ledger,
            String account,
            String password,
            Letters letters,
            Randomness randomness,
            Snapshot known) {
        this.site = site;
        this.ledger = ledger;
        this.account = account;
        this.password = password;
        this.letters = letters;
        this.randomness = randomness;
        for (Snapshot.Folder folder : known.of(account)) {
            if (!folder.name().equals(folder.place())) {
                folders.put(folder.place(), folder.name());
            }
            if (folder.place().equals("INBOX")) {
                looked = folder.uidNext() - 1;
            }
            folder.messages().values().forEach(one -> hold(folder.place(), one, folder));
        }
    }

    private void hold(String place, Snapshot.Message message, Snapshot.Folder folder) {
        long copies =
                folder.messages().values().stream()
                        .filter(one -> one.letter().equals(message.letter()))
                        .count();
        if (!message.letter().isEmpty() && copies == 1) {
            held.add(new Held(message.letter(), place, message.uid(), message.flags()));
        }
    }

    @Override
    public void once() throws IOException {
        ImapClient imap = connected();
        int dice = randomness.below(100);
        if (dice < 25 || (held.size() < 3 && dice < 90)) {
            append(imap);
        } else if (dice < 35) {
            look(imap);
        } else if (dice < 55) {
            store(imap, held.get(randomness.below(held.size())));
        } else if (dice < 68) {
            file(imap, Verb.COPY);
        } else if (dice < 83) {
            file(imap, Verb.MOVE);
        } else if (dice < 90) {
            expunge(imap, held.get(randomness.below(held.size())));
        } else if (dice < 95 && folders.size() < FOLDERS_MAX) {
            create(imap);
        } else if (!folders.isEmpty()) {
            reshape(imap, new TreeSet<>(folders.keySet()).first());
        }
    }

    /** Tries one thing of this kind, if there is something to do it with. */
    void once(Verb verb) throws IOException {
        ImapClient imap = connected();
        switch (verb) {
            case APPEND -> append(imap);
            case MOVE, COPY -> {
                if (folders.isEmpty()) {
                    create(imap);
                }
                for (int tries = 0; tries < 20 && !held.isEmpty() && !file(imap, verb); tries++) {}
            }
            case EXPUNGE -> {
                if (!held.isEmpty()) {
                    expunge(imap, held.get(randomness.below(held.size())));
                }
            }
            default -> throw new IllegalArgumentException(verb.toString());
        }
    }

    private ImapClient connected() throws IOException {
        ImapClient known = client;
        if (known != null) {
            return known;
        }
        ImapClient made = site.imap();
        client = made;
        selected = "";
        made.patience(PATIENCE);
        if (!made.run("LOGIN " + account + " " + password).isOk()) {
            throw new IOException("sign-in refused");
        }
        return made;
    }

    private String name(String place) {
        return "\"" + folders.getOrDefault(place, place) + "\"";
    }

    /** INBOX or one of the folders. */
    private String somewhere() {
        List<String> places = new ArrayList<>(new TreeSet<>(folders.keySet()));
        places.add("INBOX");
        return places.get(randomness.below(places.size()));
    }

    private void select(ImapClient imap, String place) throws IOException {
        if (!selected.equals(place)) {
            if (!imap.run("SELECT " + name(place)).isOk()) {
                throw new IOException("SELECT refused");
            }
            selected = place;
        }
    }

    /** One command whose outcome the ledger learns, whatever it is; empty unless it was done. */
    private Optional<ImapClient.Answer> run(ImapClient imap, Attempt attempt, String... command)
            throws IOException {
        touched.add(attempt.letter());
        try {
            ImapClient.Answer answer = imap.run(command);
            boolean ok = answer.isOk();
            String said = answer.text();
            ledger.ended(
                    attempt,
                    ok ? LedgerEntry.Phase.ACKED : LedgerEntry.Phase.REFUSED,
                    said.substring(0, Math.min(said.length(), 300)));
            return ok ? Optional.of(answer) : Optional.empty();
        } catch (IOException broken) {
            forget(attempt);
            ledger.ended(attempt, LedgerEntry.Phase.UNKNOWN, String.valueOf(broken.getMessage()));
            throw broken;
        }
    }

    /** What an attempt without outcome was about isn't touched again. */
    private void forget(Attempt attempt) {
        held.removeIf(one -> one.letter().equals(attempt.letter()));
        if (attempt.letter().isEmpty()) {
            folders.remove(attempt.to());
            held.removeIf(one -> one.place().equals(attempt.to()));
        }
    }

    private void append(ImapClient imap) throws IOException {
        Letter letter = letters.next(randomness);
        String place = somewhere();
        String flag = randomness.below(2) == 0 ? "" : "\\Seen";
        Attempt attempt =
                ledger.sent(Verb.APPEND, account, letter.id(), "", place, flag, letter.digest());
        String command =
                "APPEND " + name(place) + " (" + flag + ") {" + letter.octets().length + "}";
        Optional<ImapClient.Answer> done = run(imap, attempt, command, letter.text());
        Set<String> flags = flag.isEmpty() ? Set.of() : Set.of(flag);
        done.flatMap(MailboxWorker::uid)
                .ifPresent(uid -> held.add(new Held(letter.id(), place, uid, flags)));
    }

    /** Takes up what arrived by mail since. */
    private void look(ImapClient imap) throws IOException {
        select(imap, "INBOX");
        ImapClient.Answer answer =
                imap.run(
                        "UID FETCH "
                                + (looked + 1)
                                + ":* (FLAGS BODY.PEEK[HEADER.FIELDS (X-Torture)])");
        for (String line : answer.untagged()) {
            Matcher arrived = ARRIVED.matcher(line);
            Matcher letter = LETTER.matcher(line);
            if (arrived.find() && letter.find() && Long.parseLong(arrived.group(1)) > looked) {
                looked = Long.parseLong(arrived.group(1));
                String id = letter.group(1);
                // what it put there itself it knows already
                if (held.stream().noneMatch(one -> one.letter().equals(id))
                        && !touched.contains(id)) {
                    held.add(new Held(id, "INBOX", looked, Set.of()));
                }
            }
        }
    }

    private void store(ImapClient imap, Held one) throws IOException {
        select(imap, one.place());
        String flag = randomness.below(2) == 0 ? "\\Seen" : "\\Flagged";
        boolean add = !one.flags().contains(flag);
        String sign = add ? "+" : "-";
        Attempt attempt =
                ledger.sent(Verb.STORE, account, one.letter(), one.place(), "", sign + flag, "");
        String command = "UID STORE " + one.uid() + " " + sign + "FLAGS (" + flag + ")";
        if (run(imap, attempt, command).isPresent()) {
            Set<String> flags = new TreeSet<>(one.flags());
            if (add) {
                flags.add(flag);
            } else {
                flags.remove(flag);
            }
            held.remove(one);
            held.add(new Held(one.letter(), one.place(), one.uid(), Set.copyOf(flags)));
        }
    }

    /** Answers whether there was something to be filed there. */
    private boolean file(ImapClient imap, Verb verb) throws IOException {
        Held one = held.get(randomness.below(held.size()));
        String to = somewhere();
        boolean there =
                held.stream()
                        .anyMatch(other ->
                                other.letter().equals(one.letter()) && other.place().equals(to));
        if (there) {
            return false;
        }
        select(imap, one.place());
        Attempt attempt = ledger.sent(verb, account, one.letter(), one.place(), to, "", "");
        Optional<ImapClient.Answer> done =
                run(imap, attempt, "UID " + verb + " " + one.uid() + " " + name(to));
        if (done.isPresent() && verb == Verb.MOVE) {
            held.remove(one);
        }
        done.flatMap(MailboxWorker::uid)
                .ifPresent(uid -> held.add(new Held(one.letter(), to, uid, one.flags())));
        return true;
    }

    private void expunge(ImapClient imap, Held one) throws IOException {
        select(imap, one.place());
        Attempt marking =
                ledger.sent(Verb.STORE, account, one.letter(), one.place(), "", "+\\Deleted", "");
        String mark = "UID STORE " + one.uid() + " +FLAGS (\\Deleted)";
        held.remove(one);
        if (run(imap, marking, mark).isPresent()) {
            Attempt attempt =
                    ledger.sent(Verb.EXPUNGE, account, one.letter(), one.place(), "", "", "");
            run(imap, attempt, "UID EXPUNGE " + one.uid());
        }
    }

    private void create(ImapClient imap) throws IOException {
        String mark = letters.mark();
        String name = FolderName.of(letters.canary(), mark, 0);
        Attempt attempt = ledger.sent(Verb.CREATE, account, "", "", mark, name, "");
        if (run(imap, attempt, "CREATE \"" + name + "\"").isPresent()) {
            folders.put(mark, name);
        }
    }

    /** Renames a folder, or deletes it if nothing is in it. */
    private void reshape(ImapClient imap, String mark) throws IOException {
        select(imap, "INBOX");
        boolean empty = held.stream().noneMatch(one -> one.place().equals(mark));
        if (empty && messages(imap, mark) == 0) {
            Attempt attempt = ledger.sent(Verb.DELETE, account, "", "", mark, "", "");
            if (run(imap, attempt, "DELETE " + name(mark)).isPresent()) {
                folders.remove(mark);
            }
            return;
        }
        String named = FolderName.of(letters.canary(), mark, ledger.attempts());
        Attempt attempt = ledger.sent(Verb.RENAME, account, "", "", mark, named, "");
        if (run(imap, attempt, "RENAME " + name(mark) + " \"" + named + "\"").isPresent()) {
            folders.put(mark, named);
        }
    }

    private long messages(ImapClient imap, String mark) throws IOException {
        String status = imap.run("STATUS " + name(mark) + " (MESSAGES)").text();
        Matcher messages = Pattern.compile("MESSAGES (\\d+)").matcher(status);
        return messages.find() ? Long.parseLong(messages.group(1)) : -1;
    }

    private static Optional<Long> uid(ImapClient.Answer answer) {
        Matcher uid = UID.matcher(answer.text());
        return uid.find()
                ? Optional.of(Long.parseLong(uid.group(uid.group(1) == null ? 2 : 1)))
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        ImapClient known = client;
        client = null;
        if (known != null) {
            known.close();
        }
    }
}
