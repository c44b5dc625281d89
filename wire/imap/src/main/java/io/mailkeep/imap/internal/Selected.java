package io.mailkeep.imap.internal;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;
import io.mailkeep.kernel.Uid;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.MessageRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A selected folder as this client knows it: which UID has which message number. Changes of others
 * reach it only by {@link #tell}, so numbers change only where the client expects it (RFC 9051
 * 7.5.1).
 */
public final class Selected implements AutoCloseable {
    private final FolderId folder;
    private final boolean readOnly;
    private final AtomicBoolean stale = new AtomicBoolean();
    private final Set<Long> gone = new HashSet<>();
    private final Map<Long, ModSeq> told = new HashMap<>();
    private final Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private Mailbox.Watch watch;
    private Runnable wake = () -> {};
    private long[] uids;
    private int count;
    private ModSeq known;
    private long[] saved = {};

    /** Starts to watch before the caller reads the folder's state: nothing falls in between. */
    public Selected(Mailbox mailbox, FolderId folder, boolean readOnly) {
        this.folder = folder;
        this.readOnly = readOnly;
        this.uids = new long[0];
        this.known = new ModSeq(0);
        this.watch = mailbox.watch(folder, this::changed);
    }

    private void changed() {
        stale.set(true);
        wake.run();
    }

    /** Called on the feed's thread whenever something changed; for IDLE. */
    public void onChange(Runnable wake) {
        this.wake = wake;
    }

    /** What the client is about to be told of a freshly selected folder. */
    public void load(List<MessageRow> rows, ModSeq highest, Set<String> keywordsTold) {
        uids = rows.stream().mapToLong(row -> row.uid().value()).toArray();
        count = uids.length;
        known = highest;
        keywords.addAll(keywordsTold);
    }

    /** The folder. */
    public FolderId folder() {
        return folder;
    }

    /** EXAMINEd: nothing may change. */
    public boolean readOnly() {
        return readOnly;
    }

    /** How many messages the client knows of. */
    public int count() {
        return count;
    }

    /** The message number of a UID; 0 if the client doesn't know it. */
    public int number(Uid uid) {
        return number(uid.value());
    }

    private int number(long uid) {
        int found = Arrays.binarySearch(uids, 0, count, uid);
        return found < 0 ? 0 : found + 1;
    }

    /** The UID of a message number. */
    public Uid uid(int number) {
        return new Uid(uids[number - 1]);
    }

    /** All UIDs, ascending. */
    public List<Uid> all() {
        return Arrays.stream(uids, 0, count).mapToObj(Uid::new).toList();
    }

    /** Remembers the result of a SEARCH (RFC 5182). */
    public void save(long[] ascending) {
        saved = ascending;
    }

    /** The UIDs that a set stands for, ascending. Numbers beyond the last message are a mistake. */
    public List<Uid> uids(SequenceSet set, boolean byUid) {
        List<Uid> chosen = new ArrayList<>();
        if (set.saved()) {
            Arrays.stream(saved)
                    .filter(uid -> number(uid) > 0)
                    .forEach(u -> chosen.add(new Uid(u)));
            return chosen;
        }
        if (byUid) {
            long star = count == 0 ? 0 : uids[count - 1];
            for (SequenceSet.Range range : set.merged(star)) {
                int start = Arrays.binarySearch(uids, 0, count, range.from());
                int at = start < 0 ? -start - 1 : start;
                while (at < count && uids[at] <= range.to()) {
                    chosen.add(new Uid(uids[at++]));
                }
            }
            return chosen;
        }
        if (set.largest() > count || (set.hasStar() && count == 0)) {
            throw new BadCommand("No such message number");
        }
        for (SequenceSet.Range range : set.merged(count)) {
            for (long number = range.from(); number <= range.to(); number++) {
                chosen.add(uid((int) number));
            }
        }
        return chosen;
    }

    /** The client learns this state of a message from the command itself. */
    public void told(MessageRow row) {
        told.put(row.uid().value(), row.modSeq());
    }

    /** Announces keywords that the client doesn't know yet (RFC 9051 7.3.5). */
    public void announceKeywords(MessageRow row, FlagWriter writer) throws IOException {
        if (newKeyword(row)) {
            writer.flags(keywords);
            writer.permanentFlags(keywords, readOnly);
        }
    }

    /** Whether some keyword of these wasn't announced to the client yet; remembers them. */
    private boolean newKeyword(MessageRow row) {
        return keywords.addAll(row.flags().keywords());
    }

    /** Whether something may have changed since the client was told last. */
    public boolean stale() {
        return stale.get() || !gone.isEmpty();
    }

    /**
     * Tells the client what changed.
     *
     * @param ask even if the feed said nothing
     * @param numbersMayChange EXPUNGE is lawful now (RFC 9051 7.5.1)
     */
    public void tell(
            Mailbox mailbox,
            FlagWriter writer,
            boolean ask,
            boolean numbersMayChange,
            boolean modSeqs)
            throws IOException {
        boolean asked = stale.getAndSet(false) || ask;
        List<MessageRow> changed = asked ? catchUp(mailbox) : List.of();
        if (numbersMayChange && !gone.isEmpty()) {
            expunge(writer);
        }
        arrivals(changed, writer);
        for (MessageRow row : changed) {
            int number = number(row.uid());
            boolean news = !row.modSeq().equals(told.get(row.uid().value()));
            if (number > 0 && news && !gone.contains(row.uid().value())) {
                announceKeywords(row, writer);
                writer.changed(number, row, true, true, modSeqs);
            }
        }
        if (asked) {
            told.clear();
        }
    }

    private List<MessageRow> catchUp(Mailbox mailbox) {
        try {
            return read(mailbox);
        } catch (Unavailable later) {
            stale.set(true);
            throw later;
        }
    }

    private List<MessageRow> read(Mailbox mailbox) {
        if (mailbox.folder(folder).isEmpty()) {
            // Deleted by another session: for this one all its messages are gone (RFC 2180 3.3).
            Arrays.stream(uids, 0, count).forEach(gone::add);
            return List.of();
        }
        Mailbox.Changes changes = mailbox.changesSince(folder, known);
        if (changes.highest().compareTo(known) > 0) {
            known = changes.highest();
        }
        for (Uid uid : changes.gone()) {
            if (number(uid) > 0) {
                gone.add(uid.value());
            }
        }
        return changes.changed();
    }

    private void arrivals(List<MessageRow> changed, FlagWriter writer) throws IOException {
        long last = count == 0 ? 0 : uids[count - 1];
        long[] fresh =
                changed.stream()
                        .mapToLong(row -> row.uid().value())
                        .filter(uid -> uid > last)
                        .sorted()
                        .distinct()
                        .toArray();
        if (fresh.length == 0) {
            return;
        }
        if (count + fresh.length > uids.length) {
            uids = Arrays.copyOf(uids, count + fresh.length + count / 8);
        }
        System.arraycopy(fresh, 0, uids, count, fresh.length);
        count += fresh.length;
        writer.exists(count);
        for (MessageRow row : changed) {
            if (row.uid().value() > last) {
                told(row);
            }
        }
    }

    /** From the highest number down, so that each number is still right when it is said. */
    private void expunge(FlagWriter writer) throws IOException {
        for (int at = count - 1; at >= 0; at--) {
            if (gone.contains(uids[at])) {
                writer.expunge(at + 1);
            }
        }
        int kept = 0;
        for (int at = 0; at < count; at++) {
            if (!gone.contains(uids[at])) {
                uids[kept++] = uids[at];
            }
        }
        count = kept;
        gone.clear();
    }

    /** The highest MODSEQ the client was told about. */
    public ModSeq known() {
        return known;
    }

    @Override
    public void close() {
        watch.close();
    }
}
