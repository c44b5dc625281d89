package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.ResponseWriter;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.mailbox.Folder;
import io.mailkeep.mailbox.FolderName;
import java.io.IOException;

/** Writes LIST and LSUB responses (RFC 9051 7.3.1). */
final class FolderLine {
    private final ResponseWriter out;

    FolderLine(Session session) {
        this.out = session.out();
    }

    /** One folder. */
    void write(String verb, Folder folder, String attributes) throws IOException {
        start(verb, folder.name(), attributes).end();
    }

    /** One name, with the line left open. */
    ResponseWriter start(String verb, FolderName name, String attributes) throws IOException {
        out.raw("* " + verb + " (" + attributes + ") \"/\" ");
        return out.folder(name);
    }
}
