package io.mailkeep.testing.torture;

import io.mailkeep.testing.client.ImapClient;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An owner who looks at the mailbox by IMAP; what the server says is kept octet by octet. */
final class Reader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String EVERYTHING = "(UID FLAGS MODSEQ BODY.PEEK[])";
    private static final Pattern LISTED =
            Pattern.compile("\\* LIST \\([^)]*\\) \\S+ \"?([^\"]+)\"?");
    private static final Pattern LITERAL = Pattern.compile("BODY\\[] \\{(\\d+)}\\r\\n");
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern MODSEQ = Pattern.compile("\\bMODSEQ \\((\\d+)\\)");
    private static final Pattern FLAGS = Pattern.compile("\\bFLAGS \\(([^)]*)\\)");

    private final Site site;
    private final String account;
    private final String password;
    private ImapClient imap;

    private Reader(Site site, String account, String password) throws IOException {
        this.site = site;
        this.account = account;
        this.password = password;
        this.imap = signedIn(site, account, password);
    }

    /** Signs in. */
    static Reader of(Site site, String account, String password) throws IOException {
        return new Reader(site, account, password);
    }

    private static ImapClient signedIn(Site site, String account, String password)
            throws IOException {
        ImapClient imap = site.imap();
        imap.patience(PATIENCE);
        ImapClient.Answer answer = imap.run("LOGIN " + account + " " + password);
        if (!answer.isOk()) {
            imap.close();
            throw new IOException(account + " can't sign in: " + answer.tagged());
        }
        return imap;
    }

    /** Every folder with every message. */
    List<Snapshot.Folder> folders() throws IOException {
        List<Snapshot.Folder> folders = new ArrayList<>();
        for (String name : names()) {
            String examined = String.join("\n", ok("EXAMINE \"" + name + "\""));
            folders.add(folder(name, examined, ok("UID FETCH 1:* " + EVERYTHING)));
        }
        return folders;
    }

    /**
     * As {@link #folders}, message by message: those that can't be read are left out. The server
     * cuts the connection where it has begun with one and then finds it damaged.
     */
    List<Snapshot.Folder> readable() throws IOException {
        List<Snapshot.Folder> folders = new ArrayList<>();
        for (String name : names()) {
            String examined = String.join("\n", ok("EXAMINE \"" + name + "\""));
            List<String> fetched = new ArrayList<>();
            long messages = number(Pattern.compile("\\* (\\d+) EXISTS"), examined);
            for (long number = 1; number <= messages; number++) {
                try {
                    answer("FETCH " + number + " " + EVERYTHING, fetched);
                } catch (EOFException cut) {
                    imap.close();
                    imap = signedIn(site, account, password);
                    ok("EXAMINE \"" + name + "\"");
                }
            }
            folders.add(folder(name, examined, fetched));
        }
        return folders;
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : ok("LIST \"\" *")) {
            Matcher listed = LISTED.matcher(line);
            if (listed.matches()) {
                names.add(listed.group(1));
            }
        }
        return names;
    }

    private static Snapshot.Folder folder(String name, String examined, List<String> fetched) {
        SortedMap<Long, Snapshot.Message> messages = new TreeMap<>();
        for (String line : fetched) {
            Matcher literal = LITERAL.matcher(line);
            if (literal.find()) {
                int end =
                        Math.min(line.length(), literal.end() + Integer.parseInt(literal.group(1)));
                Letter.Stored stored = Letter.in(line.substring(literal.end(), end));
                String around = line.substring(0, literal.start()) + line.substring(end);
                long uid = number(UID, around);
                Snapshot.Message message =
                        new Snapshot.Message(
                                uid,
                                stored.id(),
                                stored.digest(),
                                stored.traced(),
                                flags(around),
                                number(MODSEQ, around));
                messages.put(uid, message);
            }
        }
        return new Snapshot.Folder(
                name,
                FolderName.place(name),
                number(Pattern.compile("UIDVALIDITY (\\d+)"), examined),
                number(Pattern.compile("UIDNEXT (\\d+)"), examined),
                number(Pattern.compile("HIGHESTMODSEQ (\\d+)"), examined),
                messages);
    }

    /**
     * What a client that knew this folder before asks for now, and what it then believes: flags by
     * UID (RFC 7162 3.1.4).
     */
    SortedMap<Long, Set<String>> caughtUp(Snapshot.Folder before, String nameNow)
            throws IOException {
        ok("EXAMINE \"" + nameNow + "\"");
        SortedMap<Long, Set<String>> believed = new TreeMap<>();
        before.messages().forEach((uid, message) -> believed.put(uid, message.flags()));
        String changes = "UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + before.modSeq() + ")";
        for (String line : ok(changes)) {
            if (line.contains(" FETCH ")) {
                believed.put(number(UID, line), flags(line));
            }
        }
        Set<Long> there = new HashSet<>();
        for (String line : ok("UID SEARCH ALL")) {
            if (line.startsWith("* SEARCH")) {
                for (String uid : line.substring("* SEARCH".length()).strip().split(" ", -1)) {
                    if (!uid.isEmpty()) {
                        there.add(Long.parseLong(uid));
                    }
                }
            }
        }
        believed.keySet().retainAll(there);
        return believed;
    }

    /** The untagged answers to a command that is answered OK. */
    private List<String> ok(String command) throws IOException {
        List<String> untagged = new ArrayList<>();
        String tagged = answer(command, untagged);
        if (!tagged.startsWith("OK")) {
            throw new IOException(command + " was answered " + tagged);
        }
        return untagged;
    }

    private String answer(String command, List<String> untagged) throws IOException {
        String tag = imap.tag();
        imap.send(tag + " " + command + "\r\n");
        while (true) {
            String line = new String(imap.responseOctets(), StandardCharsets.ISO_8859_1);
            if (line.startsWith(tag + " ")) {
                return line.substring(tag.length() + 1);
            }
            untagged.add(line);
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static Set<String> flags(String text) {
        Matcher found = FLAGS.matcher(text);
        Set<String> flags = new HashSet<>();
        if (found.find()) {
            for (String flag : found.group(1).split(" ", -1)) {
                if (!flag.isEmpty()) {
                    flags.add(flag);
                }
            }
        }
        return Set.copyOf(flags);
    }

    /** Everybody's folders now. */
    static Snapshot look(Site site, Map<String, String> passwords) throws IOException {
        Map<String, List<Snapshot.Folder>> all = new TreeMap<>();
        for (Map.Entry<String, String> one : passwords.entrySet()) {
            try (Reader reader = of(site, one.getKey(), one.getValue())) {
                all.put(one.getKey(), reader.folders());
            }
        }
        return new Snapshot(all);
    }

    @Override
    public void close() throws IOException {
        imap.close();
    }
}
