package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Refusals;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.SpecialUse;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;

/** CREATE (RFC 9051 6.3.4), with USE (RFC 6154 3). */
final class Create implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        String wire = arguments.astring();
        java.util.List<String> uses = java.util.List.of();
        if (arguments.take(" (USE ")) {
            uses = arguments.list(8, true, () -> attribute(arguments));
            arguments.need(')');
        }
        arguments.end();
        // A trailing delimiter says that there will be names below: nothing to do for it here.
        String name = wire.endsWith("/") ? wire.substring(0, wire.length() - 1) : wire;
        Optional<FolderName> folder = session.folderName(name);
        if (folder.isEmpty()) {
            return Reply.no("CANNOT", "No folder can have that name");
        }
        Optional<SpecialUse> use = use(uses);
        if (use.isEmpty()) {
            return Reply.no("USEATTR", "A folder has at most one special use, one of our list");
        }
        Mailbox mailbox = session.mailbox(Operation.FOLDERS);
        return switch (mailbox.create(folder.get(), use.get())) {
            case Outcome.Done<Folder> _ -> Reply.ok("CREATE completed");
            case Outcome.Deferred<Folder>(var problem) -> Refusals.reply(problem, false);
            case Outcome.Refused<Folder>(var problem) -> Refusals.reply(problem, false);
        };
    }

    private static String attribute(Tokens arguments) {
        arguments.need('\\');
        return arguments.atom();
    }

    private static Optional<SpecialUse> use(java.util.List<String> attributes) {
        if (attributes.isEmpty()) {
            return Optional.of(SpecialUse.NONE);
        }
        return attributes.size() > 1 ? Optional.empty() : SpecialUses.of(attributes.getFirst());
    }
}
