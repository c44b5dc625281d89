package io.mailkeep.smtp.internal;

import io.mailkeep.smtp.internal.command.Auth;
import io.mailkeep.smtp.internal.command.Data;
import io.mailkeep.smtp.internal.command.Ehlo;
import io.mailkeep.smtp.internal.command.Helo;
import io.mailkeep.smtp.internal.command.Help;
import io.mailkeep.smtp.internal.command.Mail;
import io.mailkeep.smtp.internal.command.Noop;
import io.mailkeep.smtp.internal.command.NotOffered;
import io.mailkeep.smtp.internal.command.Quit;
import io.mailkeep.smtp.internal.command.Rcpt;
import io.mailkeep.smtp.internal.command.Rset;
import io.mailkeep.smtp.internal.command.StartTls;
import io.mailkeep.smtp.internal.command.Vrfy;
import java.util.Map;

/** The verbs and their classes. */
final class Verbs {
    private static final Command NOT_OFFERED = new NotOffered(false);

    /** The same for all services: the classes know what differs. */
    static final Map<String, Command> ALL =
            Map.ofEntries(
                    Map.entry("EHLO", new Ehlo()),
                    Map.entry("HELO", new Helo()),
                    Map.entry("STARTTLS", new StartTls()),
                    Map.entry("AUTH", new Auth()),
                    Map.entry("MAIL", new Mail()),
                    Map.entry("RCPT", new Rcpt()),
                    Map.entry("DATA", new Data()),
                    Map.entry("RSET", new Rset()),
                    Map.entry("NOOP", new Noop()),
                    Map.entry("VRFY", new Vrfy()),
                    Map.entry("HELP", new Help()),
                    Map.entry("QUIT", new Quit()),
                    Map.entry("EXPN", NOT_OFFERED),
                    Map.entry("ETRN", NOT_OFFERED),
                    Map.entry("TURN", NOT_OFFERED),
                    Map.entry("ATRN", NOT_OFFERED),
                    Map.entry("BDAT", new NotOffered(true)),
                    Map.entry("SEND", NOT_OFFERED),
                    Map.entry("SOML", NOT_OFFERED),
                    Map.entry("SAML", NOT_OFFERED),
                    Map.entry("XCLIENT", NOT_OFFERED),
                    Map.entry("XFORWARD", NOT_OFFERED));

    private Verbs() {}
}
