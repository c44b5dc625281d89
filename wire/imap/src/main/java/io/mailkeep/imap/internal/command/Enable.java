package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import java.io.IOException;
import java.util.Locale;

/** ENABLE (RFC 9051 6.3.1): IMAP4rev2 and CONDSTORE; what isn't known is ignored. */
final class Enable implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        StringBuilder enabled = new StringBuilder();
        do {
            arguments.space();
            switch (arguments.atom().toUpperCase(Locale.ROOT)) {
                case "IMAP4REV2" -> {
                    if (!session.rev2()) {
                        session.enableRev2();
                        enabled.append(" IMAP4rev2");
                    }
                }
                case "CONDSTORE" -> {
                    if (!session.condStore()) {
                        session.enableCondStore();
                        enabled.append(" CONDSTORE");
                    }
                }
                case String _ -> {}
            }
        } while (!arguments.atEnd());
        session.out().line("* ENABLED" + enabled);
        return Reply.ok("ENABLE completed");
    }
}
