package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.ResponseWriter;
import io.mailkeep.imap.internal.SearchKey;
import io.mailkeep.imap.internal.SearchMatch;
import io.mailkeep.imap.internal.SearchParser;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.SequenceSet;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Uid;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * SEARCH (RFC 9051 6.4.4; RFC 3501 6.4.4 for its plain answer), with RETURN (RFC 4731, 5182) and
 * MODSEQ (RFC 7162 3.1.5).
 */
@Claim({"ATK-50", "ATK-80"})
final class Search implements Verb {
    private static final int BATCH_MESSAGES = 2_000;
    private static final Set<String> OPTIONS = Set.of("MIN", "MAX", "ALL", "COUNT", "SAVE");

    private final boolean byUid;

    Search(boolean byUid) {
        this.byUid = byUid;
    }

    @Override
    public Stage stage() {
        return Stage.SELECTED;
    }

    @Override
    public boolean numbersMayChange() {
        return byUid;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        Set<String> options = new LinkedHashSet<>();
        boolean extended = arguments.take(" RETURN ");
        if (extended) {
            options.addAll(arguments.list(16, true, arguments::keyword));
            if (!OPTIONS.containsAll(options)) {
                throw new BadCommand("Unknown SEARCH return option");
            }
            if (options.isEmpty()) {
                options.add("ALL");
            }
        }
        arguments.space();
        if (arguments.take("CHARSET ")) {
            String charset = arguments.astring().toUpperCase(Locale.ROOT);
            if (!charset.equals("UTF-8") && !charset.equals("US-ASCII")) {
                forget(session, options);
                return Reply.no("BADCHARSET (UTF-8 US-ASCII)", "That charset is not known");
            }
            arguments.space();
        }
        SearchKey program = new SearchParser(arguments, session.limits()).program();
        if (program.mentionsModSeq()) {
            session.enableCondStore();
        }
        java.util.List<MessageRow> found;
        try {
            found = find(session, program);
        } catch (Unavailable away) {
            forget(session, options);
            throw away;
        }
        if (extended || session.rev2()) {
            if (!extended) {
                options.add("ALL");
            }
            extended(session, found, options, program.mentionsModSeq());
        } else {
            plain(session, found, program.mentionsModSeq());
        }
        return Reply.ok("SEARCH completed");
    }

    /** A SEARCH that was to save its result and failed leaves none (RFC 5182 2.1). */
    private static void forget(Session session, Set<String> options) {
        if (options.contains("SAVE")) {
            session.selected().save(new long[0]);
        }
    }

    private static java.util.List<MessageRow> find(Session session, SearchKey program) {
        Selected selected = session.selected();
        Mailbox mailbox = session.mailbox(Operation.READ);
        SearchMatch match = new SearchMatch(selected, session.limits().searchOctets());
        Map<Uid, MessageRow> found = new TreeMap<>();
        java.util.List<Uid> open = new ArrayList<>();
        for (MessageRow row : mailbox.messages(selected.folder())) {
            if (selected.number(row.uid()) > 0) {
                switch (match.byRow(program, row)) {
                    case YES -> found.put(row.uid(), row);
                    case OPEN -> open.add(row.uid());
                    case NO -> {}
                }
            }
        }
        for (int from = 0; from < open.size(); from += BATCH_MESSAGES) {
            java.util.List<Uid> batch =
                    open.subList(from, Math.min(open.size(), from + BATCH_MESSAGES));
            session.mailbox(Operation.READ)
                    .open(
                            selected.folder(),
                            batch,
                            "SEARCH",
                            opened -> {
                                if (match.byContent(program, opened)) {
                                    found.put(opened.row().uid(), opened.row());
                                }
                            });
        }
        return java.util.List.copyOf(found.values());
    }

    private long[] numbers(Session session, java.util.List<MessageRow> rows) {
        return rows.stream()
                .mapToLong(row -> byUid ? row.uid().value() : session.selected().number(row.uid()))
                .toArray();
    }

    private static long highest(java.util.List<MessageRow> rows) {
        return rows.stream().mapToLong(row -> row.modSeq().value()).max().orElse(0);
    }

    private void plain(Session session, java.util.List<MessageRow> found, boolean modSeq)
            throws IOException {
        StringBuilder line = new StringBuilder("* SEARCH");
        for (long number : numbers(session, found)) {
            line.append(' ').append(number);
        }
        if (modSeq && !found.isEmpty()) {
            line.append(" (MODSEQ ").append(highest(found)).append(')');
        }
        session.out().line(line.toString());
    }

    private void extended(
            Session session, java.util.List<MessageRow> found, Set<String> options, boolean modSeq)
            throws IOException {
        java.util.List<MessageRow> told = told(found, options);
        if (options.contains("SAVE")) {
            session.selected().save(told.stream().mapToLong(row -> row.uid().value()).toArray());
            if (options.size() == 1) {
                return;
            }
        }
        long[] numbers = numbers(session, found);
        ResponseWriter out = session.out();
        out.raw("* ESEARCH (TAG ").string(session.tag()).raw(")" + (byUid ? " UID" : ""));
        boolean any = numbers.length > 0;
        if (options.contains("MIN") && any) {
            out.raw(" MIN " + numbers[0]);
        }
        if (options.contains("MAX") && any) {
            out.raw(" MAX " + numbers[numbers.length - 1]);
        }
        if (options.contains("ALL") && any) {
            out.raw(" ALL " + SequenceSet.text(numbers));
        }
        if (options.contains("COUNT")) {
            out.raw(" COUNT " + numbers.length);
        }
        if (modSeq && any) {
            out.raw(" MODSEQ " + highest(told));
        }
        out.end();
    }

    /** What MIN and MAX alone speak of (RFC 5182 2.4, RFC 7162 3.1.10); else all that was found. */
    private static java.util.List<MessageRow> told(
            java.util.List<MessageRow> found, Set<String> options) {
        boolean min = options.contains("MIN");
        boolean max = options.contains("MAX");
        boolean all = options.contains("ALL") || options.contains("COUNT");
        if (all || (!min && !max) || found.isEmpty()) {
            return found;
        }
        java.util.List<MessageRow> told = new ArrayList<>();
        if (min) {
            told.add(found.getFirst());
        }
        if (max && (found.size() > 1 || !min)) {
            told.add(found.getLast());
        }
        return told;
    }
}
