package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.ResponseWriter;
import io.mailkeep.imap.internal.Selected;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** SELECT and EXAMINE (RFC 9051 6.3.2, 6.3.3), with CONDSTORE (RFC 7162 3.1.8). */
final class Select implements Verb {
    private static final long UID_MAX = 0xFFFF_FFFFL;

    private final boolean readOnly;

    Select(boolean readOnly) {
        this.readOnly = readOnly;
    }

    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        String wire = arguments.astring();
        if (arguments.take(' ')) {
            parameters(session, arguments);
        }
        arguments.end();
        // Whatever happens now, the folder selected before is selected no more (RFC 9051 6.3.2).
        if (session.selection().isPresent()) {
            session.unselect();
            session.out().line("* OK [CLOSED] The folder selected before is closed");
        }
        Mailbox mailbox = session.mailbox(Operation.READ);
        Optional<Folder> found = session.folderName(wire).flatMap(mailbox::folder);
        if (found.isEmpty()) {
            return Reply.no("NONEXISTENT", "There is no such folder.");
        }
        Selected selected = new Selected(mailbox, found.get().id(), readOnly);
        try {
            // Read again under the watch: what changes from here on will be told.
            Optional<Folder> folder = mailbox.folder(found.get().id());
            if (folder.isEmpty()) {
                selected.close();
                return Reply.no("NONEXISTENT", "There is no such folder.");
            }
            java.util.List<MessageRow> rows = mailbox.messages(folder.get().id());
            Set<String> keywords = mailbox.keywords();
            selected.load(rows, folder.get().highest(), keywords);
            session.select(selected);
            tell(session, folder.get(), rows, keywords);
        } catch (RuntimeException | IOException failed) {
            selected.close();
            throw failed;
        }
        return readOnly
                ? Reply.ok("READ-ONLY", "EXAMINE completed")
                : Reply.ok("READ-WRITE", "SELECT completed");
    }

    private static void parameters(Session session, Tokens arguments) throws IOException {
        for (String one : arguments.list(4, false, arguments::keyword)) {
            if (!one.equals("CONDSTORE")) {
                throw new BadCommand("Unknown parameter of SELECT");
            }
        }
        session.unselect();
        session.enableCondStore();
    }

    private void tell(
            Session session, Folder folder, java.util.List<MessageRow> rows, Set<String> keywords)
            throws IOException {
        ResponseWriter out = session.out();
        session.flagWriter().flags(keywords);
        session.flagWriter().exists(rows.size());
        if (!session.rev2()) {
            // RFC 3501 7.3.2 asks for it; we keep no \Recent, which RFC 9051 gave up.
            out.line("* 0 RECENT");
            firstUnseen(out, rows);
        }
        session.flagWriter().permanentFlags(keywords, readOnly);
        out.line("* OK [UIDVALIDITY " + folder.uidValidity() + "] UIDs are valid");
        if (folder.uidNext() <= UID_MAX) {
            out.line("* OK [UIDNEXT " + folder.uidNext() + "] Predicted next UID");
        }
        out.line("* OK [HIGHESTMODSEQ " + folder.highest().value() + "] Highest");
        if (session.rev2()) {
            new FolderLine(session).write("LIST", folder, Listed.attributes(session, folder));
        }
    }

    private static void firstUnseen(ResponseWriter out, java.util.List<MessageRow> rows)
            throws IOException {
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).flags().system().contains(Flags.Flag.SEEN)) {
                out.line("* OK [UNSEEN " + (i + 1) + "] First unseen");
                return;
            }
        }
    }
}
