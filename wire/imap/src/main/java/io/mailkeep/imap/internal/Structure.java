package io.mailkeep.imap.internal;

import io.mailkeep.message.Envelope;
import io.mailkeep.message.Part;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes ENVELOPE, BODY and BODYSTRUCTURE (RFC 9051 7.5.2) from a message's outline. */
public final class Structure {
    private final ResponseWriter out;

    public Structure(ResponseWriter out) {
        this.out = out;
    }

    /** An envelope. */
    public void envelope(Envelope envelope) throws IOException {
        out.raw("(").nstring(envelope.date()).raw(" ").nstring(envelope.subject());
        addresses(envelope.from());
        addresses(envelope.sender());
        addresses(envelope.replyTo());
        addresses(envelope.to());
        addresses(envelope.cc());
        addresses(envelope.bcc());
        out.raw(" ").nstring(envelope.inReplyTo());
        out.raw(" ").nstring(envelope.messageId()).raw(")");
    }

    private void addresses(List<Envelope.Mailbox> list) throws IOException {
        if (list.isEmpty()) {
            out.raw(" NIL");
            return;
        }
        out.raw(" (");
        for (Envelope.Mailbox one : list) {
            out.raw("(").nstring(one.name()).raw(" ").nstring(one.route());
            out.raw(" ").nstring(one.mailbox()).raw(" ").nstring(one.host()).raw(")");
        }
        out.raw(")");
    }

    /**
     * A part with all below it. As deep as the outline, which is bounded.
     *
     * @param extended BODYSTRUCTURE, not BODY
     */
    public void part(Part part, boolean extended) throws IOException {
        out.raw("(");
        if (part.isMultipart()) {
            for (Part child : part.children()) {
                part(child, extended);
            }
            out.raw(" ").string(part.subtype());
            if (extended) {
                out.raw(" ");
                parameters(part.parameters());
                disposition(part);
            }
        } else {
            single(part, extended);
        }
        out.raw(")");
    }

    private void single(Part part, boolean extended) throws IOException {
        out.string(part.type()).raw(" ").string(part.subtype()).raw(" ");
        parameters(part.parameters());
        out.raw(" ").nstring(part.id()).raw(" ").nstring(part.description());
        out.raw(" ").string(part.encoding()).raw(" ").raw(part.size());
        if (part.message().isPresent()) {
            Part.Nested nested = part.message().get();
            out.raw(" ");
            envelope(nested.envelope());
            out.raw(" ");
            part(nested.root(), extended);
            out.raw(" ").raw(part.lines());
        } else if (part.type().equals("text")) {
            out.raw(" ").raw(part.lines());
        }
        if (extended) {
            out.raw(" ").nstring(part.md5());
            disposition(part);
        }
    }

    private void disposition(Part part) throws IOException {
        if (part.disposition().isPresent()) {
            Part.Disposition disposition = part.disposition().get();
            out.raw(" (").string(disposition.type()).raw(" ");
            parameters(disposition.parameters());
            out.raw(")");
        } else {
            out.raw(" NIL");
        }
        languages(part.languages());
        out.raw(" ").nstring(part.location());
    }

    private void languages(List<String> languages) throws IOException {
        if (languages.isEmpty()) {
            out.raw(" NIL");
        } else if (languages.size() == 1) {
            out.raw(" ").string(languages.getFirst());
        } else {
            String before = " (";
            for (String one : languages) {
                out.raw(before).string(one);
                before = " ";
            }
            out.raw(")");
        }
    }

    private void parameters(Map<String, String> parameters) throws IOException {
        if (parameters.isEmpty()) {
            out.raw("NIL");
            return;
        }
        String before = "(";
        for (Map.Entry<String, String> one : parameters.entrySet()) {
            out.raw(before).string(one.getKey()).raw(" ").string(one.getValue());
            before = " ";
        }
        out.raw(")");
    }
}
