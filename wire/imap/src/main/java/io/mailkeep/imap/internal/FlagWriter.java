package io.mailkeep.imap.internal;

import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.MessageRow;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what a client is told about messages without opening them (RFC 9051 7.5). */
public final class FlagWriter {
    private static final String SYSTEM = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";

    private final ResponseWriter out;

    public FlagWriter(ResponseWriter out) {
        this.out = out;
    }

    /** As the wire has it: {@code \Seen $Forwarded}. */
    public static String text(Flags flags) {
        return Stream.concat(
                        flags.system().stream().map(FlagWriter::name), flags.keywords().stream())
                .collect(Collectors.joining(" "));
    }

    private static String name(Flags.Flag flag) {
        String lower = flag.name().toLowerCase(Locale.ROOT);
        return "\\" + Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
    }

    /** The system flags and these. */
    public static String all(Collection<String> keywords) {
        return keywords.isEmpty() ? SYSTEM : SYSTEM + " " + String.join(" ", keywords);
    }

    /** Which flags there are. */
    public void flags(Collection<String> keywords) throws IOException {
        out.line("* FLAGS (" + all(keywords) + ")");
    }

    /** Which of them stay: all, and new ones too; none in a folder opened read-only. */
    public void permanentFlags(Collection<String> keywords, boolean readOnly) throws IOException {
        String permanent = readOnly ? "" : all(keywords) + " \\*";
        out.line("* OK [PERMANENTFLAGS (" + permanent + ")] Flags that stay");
    }

    /** How many messages there are. */
    public void exists(int count) throws IOException {
        out.line("* " + count + " EXISTS");
    }

    /** A message left. */
    public void expunge(int number) throws IOException {
        out.line("* " + number + " EXPUNGE");
    }

    /** A message's flags. */
    public void changed(int number, MessageRow row, boolean uid, boolean flags, boolean modSeq)
            throws IOException {
        StringBuilder items = new StringBuilder();
        if (uid) {
            items.append(" UID ").append(row.uid().value());
        }
        if (flags) {
            items.append(" FLAGS (").append(text(row.flags())).append(')');
        }
        if (modSeq) {
            items.append(" MODSEQ (").append(row.modSeq().value()).append(')');
        }
        out.line("* " + number + " FETCH (" + items.substring(1) + ")");
    }
}
