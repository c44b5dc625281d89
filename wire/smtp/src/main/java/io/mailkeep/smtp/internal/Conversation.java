package io.mailkeep.smtp.internal;

import io.mailkeep.net.Connection;
import io.mailkeep.smtp.SmtpLimits;
import io.mailkeep.smtp.SmtpService;
import io.mailkeep.transport.Intake;
import io.mailkeep.transport.Origin;
import io.mailkeep.transport.PasswordCheck;
import io.mailkeep.transport.Submitter;
import io.mailkeep.transport.Transaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one session has come to; the verbs act on it. Used by one thread. */
public final class Conversation {
    private final Connection connection;
    private final SmtpService service;
    private final Intake intake;
    private final PasswordCheck passwords;
    private final SmtpLimits limits;
    private Optional<Greeting> greeting = Optional.empty();
    private Optional<Submitter> submitter = Optional.empty();
    private Optional<Transaction> transaction = Optional.empty();
    private boolean international;
    private boolean ended;
    private int refusals;
    private int idleCommands;
    private int signInFailures;
    private int owed = 1;
    private final List<Reply> given = new ArrayList<>();

    /**
     * How the client introduced itself.
     *
     * @param extended with EHLO or LHLO
     */
    public record Greeting(String name, boolean extended) {}

    public Conversation(
            Connection connection,
            SmtpService service,
            Intake intake,
            PasswordCheck passwords,
            SmtpLimits limits) {
        this.connection = connection;
        this.service = service;
        this.intake = intake;
        this.passwords = passwords;
        this.limits = limits;
    }

    /** The client's connection. */
    public Connection connection() {
        return connection;
    }

    /** Which service this is. */
    public SmtpService service() {
        return service;
    }

    /** Where mail goes in. */
    public Intake intake() {
        return intake;
    }

    /** Who checks passwords. */
    public PasswordCheck passwords() {
        return passwords;
    }

    /** What a session may ask. */
    public SmtpLimits limits() {
        return limits;
    }

    /** Sends an answer out of turn: one that the client has to see before it goes on. */
    public void send(Reply reply) throws IOException {
        connection.write(reply.text());
        connection.flush();
    }

    /** The command under way gets so many answers instead of one (RFC 2033 4.2). */
    public void owe(int answers) {
        owed = answers;
    }

    /** Gives one of them; a command returns the last, which stands for those not given, too. */
    public void give(Reply reply) {
        given.add(reply);
    }

    /** All answers to the command that returned {@code last}, in order; the next one owes one. */
    List<Reply> answers(Reply last) {
        List<Reply> all = new ArrayList<>(given);
        do {
            all.add(last);
        } while (all.size() < owed);
        given.clear();
        owed = 1;
        return all;
    }

    /** The session ends with the answer that is being given. */
    public void end() {
        ended = true;
    }

    /** The session is over. */
    public boolean ended() {
        return ended;
    }

    /** The client's greeting, if it gave one. */
    public Optional<Greeting> greeting() {
        return greeting;
    }

    /** A greeting starts the session afresh, but keeps who signed in (RFC 5321 4.1.4). */
    public void greeted(Greeting given) {
        greeting = Optional.of(given);
        reset();
    }

    /** Who signed in. */
    public Optional<Submitter> submitter() {
        return submitter;
    }

    /** Somebody signed in. */
    public void signedIn(Submitter person) {
        submitter = Optional.of(person);
    }

    /** A sign-in failed; true if it was one too many. */
    public boolean signInFailed() {
        return ++signInFailures >= limits.signInFailures();
    }

    /** TLS has started: nothing that was said before it counts (RFC 3207 4.2). */
    public void startOver() {
        greeting = Optional.empty();
        submitter = Optional.empty();
        reset();
    }

    /** The message under way. */
    public Optional<Transaction> transaction() {
        return transaction;
    }

    /** A message begins; {@code utf8}: with SMTPUTF8. */
    public void begin(Transaction begun, boolean utf8) {
        transaction = Optional.of(begun);
        international = utf8;
    }

    /** The message under way may have addresses beyond ASCII. */
    public boolean international() {
        return international;
    }

    /** Forgets the message under way. */
    public void reset() {
        transaction = Optional.empty();
    }

    /** A message was delivered: the client isn't idling. */
    public void delivered() {
        idleCommands = 0;
        refusals = 0;
    }

    /** A command that brings no message forward; true if it was one too many. */
    public boolean idled() {
        return ++idleCommands > limits.idleCommands();
    }

    /** Something well-formed was refused; true if it was one too many. */
    public boolean refused() {
        return ++refusals > limits.refusals();
    }

    /** Where a message of this session would come from; {@code utf8}: with SMTPUTF8. */
    public Origin origin(boolean utf8) {
        return new Origin(
                service.label(),
                protocol(utf8),
                greeting.map(Greeting::name).orElse("unknown"),
                connection.remoteAddress(),
                connection.tlsSuite(),
                submitter);
    }

    /** RFC 3848 and RFC 6531 4.3. */
    private String protocol(boolean utf8) {
        boolean extended = greeting.map(Greeting::extended).orElse(false);
        if (!extended) {
            return "SMTP";
        }
        String clear = service.lmtp() ? "LMTP" : "ESMTP";
        String international = service.lmtp() ? "UTF8LMTP" : "UTF8SMTP";
        return (utf8 ? international : clear)
                + (connection.secure() ? "S" : "")
                + (submitter.isPresent() ? "A" : "");
    }
}
