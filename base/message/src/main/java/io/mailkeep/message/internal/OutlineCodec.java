package io.mailkeep.message.internal;

import io.mailkeep.message.Envelope;
import io.mailkeep.message.Envelope.Mailbox;
import io.mailkeep.message.Outline;
import io.mailkeep.message.Part;
import io.mailkeep.message.Part.Disposition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stored form of an outline: a version, then its values in order, numbers as variable-length
 * integers, texts as UTF-8 with their length. Sealed by who stores it.
 */
public final class OutlineCodec {
    private static final int VERSION = 1;

    /** More than {@link io.mailkeep.message.OutlineLimits} ever lets nest. */
    private static final int DEPTH = 128;

    private OutlineCodec() {}

    /** The stored form. */
    public static byte[] encode(Outline outline) {
        CompactWriter out = new CompactWriter();
        out.number(VERSION);
        out.number(outline.size());
        out.number(outline.opaque() ? 1 : 0);
        out.text(outline.preview());
        put(out, outline.envelope());
        put(out, outline.root());
        return out.bytes();
    }

    /**
     * Reads it; {@link IllegalArgumentException} for anything that {@link #encode} didn't write.
     */
    public static Outline decode(byte[] encoded) {
        CompactReader in = new CompactReader(encoded);
        long version = in.number();
        if (version != VERSION) {
            throw new IllegalArgumentException("outline of version " + version);
        }
        long size = in.number();
        boolean opaque = in.number() == 1;
        String preview = in.text();
        Envelope envelope = envelope(in);
        Outline outline = new Outline(envelope, part(in, 0), preview, size, opaque);
        in.end();
        return outline;
    }

    private static void put(CompactWriter out, Envelope envelope) {
        out.optional(envelope.date());
        out.optional(envelope.subject());
        put(out, envelope.from());
        // most messages have no sender and reply-to of their own: a mark instead of a copy
        putUnlessSame(out, envelope.sender(), envelope.from());
        putUnlessSame(out, envelope.replyTo(), envelope.from());
        put(out, envelope.to());
        put(out, envelope.cc());
        put(out, envelope.bcc());
        out.optional(envelope.inReplyTo());
        out.optional(envelope.messageId());
    }

    private static Envelope envelope(CompactReader in) {
        Optional<String> date = in.optional();
        Optional<String> subject = in.optional();
        List<Mailbox> from = mailboxes(in);
        return new Envelope(
                date,
                subject,
                from,
                unlessSame(in, from),
                unlessSame(in, from),
                mailboxes(in),
                mailboxes(in),
                mailboxes(in),
                in.optional(),
                in.optional());
    }

    private static void putUnlessSame(CompactWriter out, List<Mailbox> list, List<Mailbox> from) {
        boolean same = list.equals(from);
        out.number(same ? 1 : 0);
        if (!same) {
            put(out, list);
        }
    }

    private static List<Mailbox> unlessSame(CompactReader in, List<Mailbox> from) {
        return in.number() == 1 ? from : mailboxes(in);
    }

    private static void put(CompactWriter out, List<Mailbox> list) {
        out.list(
                list,
                one -> {
                    out.optional(one.name());
                    out.optional(one.route());
                    out.optional(one.mailbox());
                    out.optional(one.host());
                });
    }

    private static List<Mailbox> mailboxes(CompactReader in) {
        return in.list(
                () -> new Mailbox(in.optional(), in.optional(), in.optional(), in.optional()));
    }

    private static void put(CompactWriter out, Part part) {
        out.text(part.type());
        out.text(part.subtype());
        put(out, part.parameters());
        out.optional(part.id());
        out.optional(part.description());
        out.text(part.encoding());
        out.optional(part.md5());
        out.number(part.disposition().isPresent() ? 1 : 0);
        part.disposition()
                .ifPresent(one -> {
                    out.text(one.type());
                    put(out, one.parameters());
                });
        out.list(part.languages(), out::text);
        out.optional(part.location());
        out.number(part.headerStart());
        out.number(part.bodyStart());
        out.number(part.bodyEnd());
        out.number(part.lines());
        out.list(part.children(), child -> put(out, child));
        out.number(part.message().isPresent() ? 1 : 0);
        part.message()
                .ifPresent(nested -> {
                    put(out, nested.envelope());
                    put(out, nested.root());
                });
    }

    private static Part part(CompactReader in, int depth) {
        if (depth > DEPTH) {
            throw new IllegalArgumentException("outline nested too deep");
        }
        return new Part(
                in.text(),
                in.text(),
                parameters(in),
                in.optional(),
                in.optional(),
                in.text(),
                in.optional(),
                in.number() == 1
                        ? Optional.of(new Disposition(in.text(), parameters(in)))
                        : Optional.empty(),
                in.list(in::text),
                in.optional(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.list(() -> part(in, depth + 1)),
                in.number() == 1
                        ? Optional.of(new Part.Nested(envelope(in), part(in, depth + 1)))
                        : Optional.empty());
    }

    private static void put(CompactWriter out, Map<String, String> parameters) {
        out.list(
                List.copyOf(parameters.entrySet()),
                one -> {
                    out.text(one.getKey());
                    out.text(one.getValue());
                });
    }

    private static Map<String, String> parameters(CompactReader in) {
        Map<String, String> parameters = new LinkedHashMap<>();
        in.list(() -> Map.entry(in.text(), in.text()))
                .forEach(one -> parameters.put(one.getKey(), one.getValue()));
        return parameters;
    }
}
