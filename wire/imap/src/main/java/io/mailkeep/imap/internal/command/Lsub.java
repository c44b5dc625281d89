package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.ListPattern;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** LSUB (RFC 3501 6.3.9), for IMAP4rev1. */
final class Lsub implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        String reference = arguments.astring();
        arguments.space();
        String wire = reference + arguments.pattern();
        arguments.end();
        Optional<String> text = session.rev2() ? Optional.of(wire) : Utf7Pattern.decode(wire);
        if (text.isEmpty()) {
            return Reply.ok("LSUB completed");
        }
        ListPattern pattern = ListPattern.of(text.get());
        Map<String, Boolean> names = new TreeMap<>();
        Mailbox mailbox = session.mailbox(Operation.READ);
        for (Folder folder : mailbox.folders()) {
            if (folder.subscribed()) {
                collect(folder.name(), pattern, names);
            }
        }
        mailbox.lostSubscriptions().forEach(name -> collect(name, pattern, names));
        FolderLine line = new FolderLine(session);
        for (Map.Entry<String, Boolean> name : names.entrySet()) {
            String attributes = name.getValue() ? "" : "\\Noselect";
            line.start("LSUB", new FolderName(name.getKey()), attributes).end();
        }
        return Reply.ok("LSUB completed");
    }

    /**
     * A name that matches; or, where {@code %} stopped above it, the level that does (RFC 3501
     * 6.3.9).
     */
    private static void collect(FolderName name, ListPattern pattern, Map<String, Boolean> names) {
        if (pattern.matches(name.value())) {
            names.put(name.value(), true);
            return;
        }
        Optional<FolderName> above = pattern.hasPercent() ? name.parent() : Optional.empty();
        while (above.isPresent()) {
            if (pattern.matches(above.get().value())) {
                names.putIfAbsent(above.get().value(), false);
                return;
            }
            above = above.get().parent();
        }
    }
}
