package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.CommandReader;
import io.mailkeep.imap.internal.FlagList;
import io.mailkeep.imap.internal.ImapDate;
import io.mailkeep.imap.internal.Refusals;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Delivery;
import io.mailkeep.mailbox.Dropbox;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Incoming;
import io.mailkeep.message.Outline;
import io.mailkeep.message.OutlineLimits;
import io.mailkeep.segments.Clear;
import io.mailkeep.segments.SpoolWriter;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * APPEND (RFC 9051 6.3.12). The message streams into the spool, never into the heap; nothing is
 * stored unless all of it came ({@code ATK-55}).
 */
@Claim({"ATK-48", "ATK-55"})
final class Append implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        Optional<FolderName> name = session.folderName(arguments.astring());
        arguments.space();
        Flags flags = Flags.NONE;
        if (arguments.peek() == '(') {
            flags = FlagList.parse(arguments, session.limits().keywords());
            arguments.space();
        }
        Instant received = session.rooms().time().instant();
        if (arguments.peek() == '"') {
            received = ImapDate.dateTime(arguments.string());
            arguments.space();
        }
        arguments.end();
        CommandReader.Announced announced =
                session.announced().orElseThrow(() -> new BadCommand("Missing message literal"));
        Optional<Reply> refusal = refusal(session, announced);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (announced.sync()) {
            // what may not be stored isn't asked for
            var _ = session.login().access(Operation.WRITE);
        }
        Optional<Folder> folder = name.flatMap(it -> session.mailbox(Operation.READ).folder(it));
        if (folder.isEmpty() && announced.sync()) {
            return notThere(name);
        }
        return receive(session, folder, flags, received, notThere(name));
    }

    private static Optional<Reply> refusal(Session session, CommandReader.Announced announced) {
        if (announced.binary()) {
            return Optional.of(Reply.no("UNKNOWN-CTE", "Binary literals aren't taken"));
        }
        if (announced.octets() > session.limits().messageOctets()) {
            return Optional.of(Reply.no("TOOBIG", "The message is too large"));
        }
        boolean lawful =
                announced.sync() || announced.octets() <= session.limits().nonSyncLiteralOctets();
        return lawful
                ? Optional.empty()
                : Optional.of(
                        new Reply(
                                Reply.Status.BAD,
                                "TOOBIG",
                                "Non-synchronising literals have at most 4096 octets (LITERAL-)"));
    }

    private static Reply notThere(Optional<FolderName> name) {
        return Reply.no(name.isPresent() ? "TRYCREATE" : "CANNOT", "There is no such folder.");
    }

    private static Reply receive(
            Session session, Optional<Folder> folder, Flags flags, Instant received, Reply notThere)
            throws IOException {
        try (SpoolWriter writer = session.rooms().spool().writer()) {
            boolean clean = spool(session, writer);
            if (!session.restIsEmpty()) {
                return Reply.bad("Something follows the message");
            }
            if (!clean) {
                return Reply.bad("NUL is not allowed in a message");
            }
            if (folder.isEmpty()) {
                return notThere;
            }
            try (Clear body = writer.finish()) {
                return deliver(session, folder.get(), body, flags, received);
            }
        }
    }

    /** Reads the whole literal in any case, so that the next command is found. */
    private static boolean spool(Session session, SpoolWriter writer) throws IOException {
        InputStream message = session.receive();
        byte[] chunk = new byte[session.limits().appendMemoryOctets()];
        boolean clean = true;
        Optional<Unavailable> full = Optional.empty();
        for (int n = message.read(chunk); n >= 0; n = message.read(chunk)) {
            for (int i = 0; i < n; i++) {
                clean &= chunk[i] != 0;
            }
            if (full.isEmpty()) {
                try {
                    writer.write(chunk, 0, n);
                } catch (Unavailable noRoom) {
                    full = Optional.of(noRoom);
                }
            }
        }
        if (full.isPresent()) {
            session.restIsEmpty();
            throw full.get();
        }
        return clean;
    }

    private static Reply deliver(
            Session session, Folder folder, Clear body, Flags flags, Instant received)
            throws IOException {
        Outline outline;
        try (InputStream clear = body.open()) {
            outline = Outline.of(clear, OutlineLimits.STANDARD);
        }
        Delivery delivery =
                new Delivery(
                        session.login().access(Operation.WRITE),
                        new CopyId(session.rooms().randomness().uuid()),
                        Optional.of(folder.id()),
                        new Incoming(DataClass.SENSITIVE, body, outline),
                        new byte[0],
                        flags,
                        received,
                        Optional.empty(),
                        Map.of("command", "APPEND"));
        Outcome<Dropbox.Receipt> outcome =
                session.rooms()
                        .mailboxes()
                        .dropbox()
                        .deliver(java.util.List.of(delivery))
                        .getFirst();
        return switch (outcome) {
            case Outcome.Done<Dropbox.Receipt>(Dropbox.Receipt receipt) -> {
                // The client may select what it just appended to: it shall see it (RFC 9051
                // 6.3.12).
                session.tellChanges(true, true);
                yield done(receipt);
            }
            case Outcome.Deferred<Dropbox.Receipt>(var problem) -> Refusals.reply(problem, true);
            case Outcome.Refused<Dropbox.Receipt>(var problem) -> Refusals.reply(problem, true);
        };
    }

    private static Reply done(Dropbox.Receipt receipt) {
        return receipt.place()
                .map(place ->
                        Reply.ok(
                                "APPENDUID " + place.uidValidity() + " " + place.uid().value(),
                                "APPEND completed"))
                .orElseGet(() -> Reply.ok("APPEND completed"));
    }
}
