package io.mailkeep.smtp;

import io.mailkeep.kernel.Time;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Session;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.SmtpSession;
import io.mailkeep.transport.Intake;
import io.mailkeep.transport.PasswordCheck;
import java.io.IOException;

/**
 * One SMTP service, to be put behind a {@link io.mailkeep.net.Listener}. Holds nothing of a session
 * but counts: any number run at once.
 */
public final class Smtp implements Session {
    /** What a client beyond the listener's limits is told. */
    public static final String BUSY = "421 4.7.0 Too many connections; try again later\r\n";

    private final SmtpService service;
    private final Intake intake;
    private final PasswordCheck passwords;
    private final SmtpLimits limits;
    private final Time time;
    private final Answers answers = new Answers();

    /**
     * @param intake of the module that this service is: {@code smtp} or {@code submission}
     * @param passwords never asked on {@link SmtpService#MX}
     */
    public Smtp(
            SmtpService service,
            Intake intake,
            PasswordCheck passwords,
            SmtpLimits limits,
            Time time) {
        this.service = service;
        this.intake = intake;
        this.passwords = passwords;
        this.limits = limits;
        this.time = time;
    }

    /** What it answered so far. */
    public Answers answers() {
        return answers;
    }

    @Override
    public void run(Connection connection) throws IOException {
        Conversation conversation =
                new Conversation(connection, service, intake, passwords, limits);
        new SmtpSession(conversation, answers, time).run();
    }
}
