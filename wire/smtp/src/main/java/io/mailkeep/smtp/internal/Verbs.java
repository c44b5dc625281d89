package io.mailkeep.smtp.internal;

import io.mailkeep.smtp.SmtpService;
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
import java.util.HashMap;
import java.util.Map;

/** The verbs and their classes; what else differs between services, the classes know. */
final class Verbs {
    private static final Command NOT_OFFERED = new NotOffered(false);

    private static final Map<String, Command> COMMON =
            Map.ofEntries(
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

    private static final Map<String, Command> SMTP =
            with(Map.of("EHLO", new Ehlo(), "HELO", new Helo()));

    /** EHLO and HELO aren't there, so that a client that speaks SMTP notices (RFC 2033 4.1). */
    private static final Map<String, Command> LMTP = with(Map.of("LHLO", new Ehlo()));

    private Verbs() {}

    /** The verbs of a service. */
    static Map<String, Command> of(SmtpService service) {
        return service.lmtp() ? LMTP : SMTP;
    }

    private static Map<String, Command> with(Map<String, Command> greetings) {
        Map<String, Command> all = new HashMap<>(COMMON);
        all.putAll(greetings);
        return Map.copyOf(all);
    }
}
