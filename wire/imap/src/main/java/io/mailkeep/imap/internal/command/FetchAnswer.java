package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Decoded;
import io.mailkeep.imap.internal.FetchItem;
import io.mailkeep.imap.internal.FlagWriter;
import io.mailkeep.imap.internal.ImapDate;
import io.mailkeep.imap.internal.ResponseWriter;
import io.mailkeep.imap.internal.Sections;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Structure;
import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.message.Outline;
import io.mailkeep.message.Part;
import io.mailkeep.message.TransferDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes FETCH responses (RFC 9051 7.5.2), message by message. */
final class FetchAnswer {
    private final Session session;
    private final ResponseWriter out;
    private final Set<FetchItem> items;
    private Map<Uid, MessageRow> seen = Map.of();
    private int messages;
    private boolean unknownEncoding;
    private boolean notLeaf;

    FetchAnswer(Session session, Set<FetchItem> items) {
        this.session = session;
        this.out = session.out();
        this.items = items;
    }

    /** Messages that were marked as seen just now: the client is told with their content. */
    void seen(Map<Uid, MessageRow> rows) {
        seen = rows;
    }

    /** How many were answered. */
    int messages() {
        return messages;
    }

    /** Some part's encoding wasn't known: the command fails (RFC 9051 7.5.2). */
    boolean unknownEncoding() {
        return unknownEncoding;
    }

    /** Some part asked for by BINARY wasn't a leaf. */
    boolean notLeaf() {
        return notLeaf;
    }

    /** Answers for a message that needn't be opened. */
    void row(MessageRow row) throws IOException {
        begin(row);
        String before = "";
        for (FetchItem item : items) {
            out.raw(before);
            before = " ";
            if (item instanceof FetchItem.Plain plain) {
                plain(plain, row);
            }
        }
        end(row);
    }

    /** Answers for an opened message. */
    void opened(Mailbox.Opened opened) {
        MessageRow row = seen.getOrDefault(opened.row().uid(), opened.row());
        Sections sections = new Sections(opened.message());
        if (lacksBinary(sections)) {
            messages++;
            return;
        }
        try {
            begin(row);
            String before = "";
            for (FetchItem item : items) {
                out.raw(before);
                before = " ";
                one(item, row, opened.message().outline(), sections);
            }
            end(row);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void begin(MessageRow row) throws IOException {
        messages++;
        out.raw("* " + session.selected().number(row.uid()) + " FETCH (");
    }

    private void end(MessageRow row) throws IOException {
        if (seen.containsKey(row.uid())) {
            session.selected().told(row);
            if (!items.contains(FetchItem.Plain.FLAGS)) {
                out.raw(" ");
                plain(FetchItem.Plain.FLAGS, row);
            }
            if (session.condStore() && !items.contains(FetchItem.Plain.MODSEQ)) {
                out.raw(" ");
                plain(FetchItem.Plain.MODSEQ, row);
            }
        }
        out.raw(")").end();
    }

    /** Looked at before the response is begun: it can't be taken back. */
    private boolean lacksBinary(Sections sections) {
        boolean lacks = false;
        for (FetchItem item : items) {
            Optional<java.util.List<Integer>> path =
                    switch (item) {
                        case FetchItem.Binary binary -> Optional.of(binary.path());
                        case FetchItem.BinarySize size -> Optional.of(size.path());
                        case FetchItem.Plain _, FetchItem.Outlined _, FetchItem.Section _ ->
                                Optional.empty();
                    };
            if (path.isPresent() && sections.exists(path.get())) {
                Optional<Part> leaf = sections.leaf(path.get());
                boolean unknown =
                        leaf.map(part -> !TransferDecoder.known(part.encoding())).orElse(false);
                notLeaf |= leaf.isEmpty();
                unknownEncoding |= unknown;
                lacks |= leaf.isEmpty() || unknown;
            }
        }
        return lacks;
    }

    private void one(FetchItem item, MessageRow row, Outline outline, Sections sections)
            throws IOException {
        switch (item) {
            case FetchItem.Plain plain -> plain(plain, row);
            case FetchItem.Outlined.ENVELOPE -> {
                out.raw("ENVELOPE ");
                new Structure(out).envelope(outline.envelope());
            }
            case FetchItem.Outlined.BODY -> {
                out.raw("BODY ");
                new Structure(out).part(outline.root(), false);
            }
            case FetchItem.Outlined.BODYSTRUCTURE -> {
                out.raw("BODYSTRUCTURE ");
                new Structure(out).part(outline.root(), true);
            }
            case FetchItem.Section section -> section(section, sections);
            case FetchItem.Binary binary -> binary(binary, sections);
            case FetchItem.BinarySize size -> binarySize(size, sections);
        }
    }

    private void plain(FetchItem.Plain item, MessageRow row) throws IOException {
        out.raw(
                switch (item) {
                    case FLAGS -> "FLAGS (" + FlagWriter.text(row.flags()) + ")";
                    case INTERNALDATE -> "INTERNALDATE " + ImapDate.text(row.received());
                    case SIZE -> "RFC822.SIZE " + row.size();
                    case UID -> "UID " + row.uid().value();
                    case MODSEQ -> "MODSEQ (" + row.modSeq().value() + ")";
                });
    }

    private void section(FetchItem.Section item, Sections sections) throws IOException {
        if (item.label().isEmpty()) {
            out.raw("BODY");
            item.name().write(out);
        } else {
            out.raw(item.label());
        }
        origin(item.partial());
        Optional<Sections.Bytes> bytes = sections.find(item.name());
        if (bytes.isEmpty()) {
            out.raw(" NIL");
            return;
        }
        long size = bytes.get().size();
        long from = item.partial().map(FetchItem.Partial::offset).orElse(0L);
        long left = Math.max(0, size - from);
        long length = Math.min(left, item.partial().map(FetchItem.Partial::length).orElse(left));
        if (length == 0) {
            out.raw(" \"\"");
            return;
        }
        try (InputStream in = bytes.get().range(from, length)) {
            out.raw(" ").literal("", length, in);
        }
    }

    private void origin(Optional<FetchItem.Partial> partial) throws IOException {
        if (partial.isPresent()) {
            out.raw("<" + partial.get().offset() + ">");
        }
    }

    private static String path(java.util.List<Integer> path) {
        return path.stream().map(String::valueOf).collect(Collectors.joining("."));
    }

    private void binary(FetchItem.Binary item, Sections sections) throws IOException {
        out.raw("BINARY[" + path(item.path()) + "]");
        origin(item.partial());
        Optional<Part> part = sections.leaf(item.path());
        if (part.isEmpty()) {
            out.raw(" NIL");
            return;
        }
        Decoded.Extent extent = Decoded.extent(sections, part.get());
        long from = item.partial().map(FetchItem.Partial::offset).orElse(0L);
        long left = Math.max(0, extent.size() - from);
        long length = Math.min(left, item.partial().map(FetchItem.Partial::length).orElse(left));
        if (length == 0) {
            out.raw(" \"\"");
            return;
        }
        try (InputStream in = Decoded.open(sections, part.get())) {
            in.skipNBytes(from);
            out.raw(" ").literal(extent.hasNul() ? "~" : "", length, in);
        }
    }

    private void binarySize(FetchItem.BinarySize item, Sections sections) throws IOException {
        Optional<Part> part = sections.leaf(item.path());
        long size = part.isPresent() ? Decoded.extent(sections, part.get()).size() : 0;
        out.raw("BINARY.SIZE[" + path(item.path()) + "] " + size);
    }
}
