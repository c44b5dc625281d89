package io.mailkeep.smtp.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Line;
import io.mailkeep.net.TimedOut;
import io.mailkeep.smtp.Answers;
import io.mailkeep.smtp.SmtpLimits;
import io.mailkeep.smtp.SmtpService;
import io.mailkeep.tickets.AccessDenied;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one session: a line in, a reply out, until either side ends it.
 *
 * <p>The one place where problems become replies: a temporary one is {@code 451}, a defect too, and
 * then the session ends.
 */
@Claim({"ATK-03", "ATK-06", "ATK-08", "ATK-15"})
public final class SmtpSession {
    private static final Logger log = LoggerFactory.getLogger(SmtpSession.class);
    private static final Duration LINGER = Duration.ofSeconds(1);

    /**
     * A refused recipient is told at the next step of this length after its command: what was
     * looked up in vain can't be told by the time it took, and probing takes its time ({@code
     * ATK-15}).
     */
    private static final Duration REFUSAL_STEP = Duration.ofMillis(20);

    /** Verbs of other protocols: whoever sends them is made to, or is lost (RFC 5321 has none). */
    private static final Set<String> FOREIGN =
            Set.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PROXY");

    private final Conversation conversation;
    private final Connection connection;
    private final SmtpLimits limits;
    private final Answers answers;
    private final Time time;
    private int errors;

    public SmtpSession(Conversation conversation, Answers answers, Time time) {
        this.conversation = conversation;
        this.connection = conversation.connection();
        this.limits = conversation.limits();
        this.answers = answers;
        this.time = time;
    }

    /** Runs the session; the caller closes the connection. */
    public void run() throws IOException {
        try {
            if (!greet()) {
                return;
            }
            while (!conversation.ended()) {
                connection.phase(limits.commandIdle(), limits.commandIdle());
                Line line = connection.readLine(limits.authOctets());
                if (line instanceof Line.End) {
                    leave();
                    return;
                }
                for (Reply reply : budgeted(answer(line))) {
                    connection.write(reply.text());
                }
            }
            connection.drain(LINGER);
        } catch (TimedOut silent) {
            conversation.send(Reply.of(421, "4.4.2", "You took too long; closing connection"));
        }
    }

    private boolean greet() throws IOException {
        if (conversation.service() == SmtpService.MX && limits.greetPause().isPositive()) {
            try {
                time.sleep(limits.greetPause());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (connection.inputArrived()) {
                conversation.send(
                        Reply.of(554, "5.5.1", "You spoke before the greeting (RFC 5321 3.1)"));
                connection.drain(LINGER);
                return false;
            }
        }
        String protocol = conversation.service().lmtp() ? " LMTP" : " ESMTP";
        connection.write(
                Reply.plain(220, conversation.intake().hostName() + protocol + " Mailkeep").text());
        return true;
    }

    private void leave() throws IOException {
        if (connection.stopping()) {
            conversation.send(
                    Reply.of(421, "4.3.2", "This server is stopping; try again in a moment"));
        }
    }

    private List<Reply> answer(Line line) throws IOException {
        return switch (line) {
            case Line.Text text -> command(text);
            case Line.TooLong() -> one(500, "5.5.2", "The line is too long");
            case Line.Malformed(Line.Flaw flaw, boolean inStep) -> {
                if (!inStep) {
                    conversation.end();
                }
                yield one(
                        500,
                        "5.5.2",
                        switch (flaw) {
                            case BARE_LF -> "A line ends in CR LF; this one ended in LF alone";
                            case BARE_CR -> "CR stands before LF only";
                            case NUL -> "NUL stands in no command";
                        });
            }
            case Line.End() -> throw new IllegalStateException("the end has no answer");
        };
    }

    private static List<Reply> one(int code, String enhanced, String text) {
        return List.of(Reply.of(code, enhanced, text));
    }

    private List<Reply> command(Line.Text line) throws IOException {
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(line.bytes()))
                            .toString();
        } catch (CharacterCodingException broken) {
            return one(500, "5.5.2", "The command isn't valid UTF-8");
        }
        int space = text.indexOf(' ');
        String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : text.substring(space + 1).strip();
        if (line.bytes().length + 2 > limits.commandOctets() && !"AUTH".equals(verb)) {
            return one(500, "5.5.2", "The line is too long");
        }
        if (FOREIGN.contains(verb)) {
            return foreign(verb);
        }
        Command command = Verbs.of(conversation.service()).get(verb);
        if (command == null) {
            return one(500, "5.5.1", "There is no such command");
        }
        long begun = time.nanos();
        List<Reply> replies = conversation.answers(guarded(command, argument));
        if ("RCPT".equals(verb) && replies.getFirst().code() == 550) {
            waitForStep(begun);
        }
        replies.forEach(reply -> answers.add(verb, reply.code() / 100));
        return replies;
    }

    /** A queue on this machine isn't probing. */
    private void waitForStep(long begun) {
        if (conversation.service().lmtp()) {
            return;
        }
        long step = REFUSAL_STEP.toNanos();
        long left = step - (time.nanos() - begun) % step;
        try {
            time.sleep(Duration.ofNanos(left));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Reply> foreign(String verb) {
        if ("PROXY".equals(verb)) {
            conversation
                    .intake()
                    .refused(conversation.origin(false), "PROXY header from a stranger", Map.of());
        }
        conversation.end();
        String protocol = conversation.service().lmtp() ? "LMTP" : "SMTP";
        return one(554, "5.5.1", "This is " + protocol + ", and nothing else");
    }

    /** Problems become replies here, and nowhere else. */
    private Reply guarded(Command command, String argument) throws IOException {
        try {
            return command.run(conversation, argument);
        } catch (Unavailable away) {
            conversation.reset();
            log.atWarn()
                    .addKeyValue("service", conversation.service().label())
                    .log("unavailable: {}", away.problem().detail());
            return Reply.of(away.problem());
        } catch (AccessDenied denied) {
            conversation.reset();
            log.atWarn()
                    .addKeyValue("service", conversation.service().label())
                    .log("access denied: {}", denied.getMessage());
            return Reply.of(
                    Problem.temporary("The right to do this has ended; sign in again", "denied"));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError defect) {
            conversation.reset();
            conversation.end();
            log.atError()
                    .addKeyValue("service", conversation.service().label())
                    .setCause(defect)
                    .log("a command failed");
            return Reply.of(
                    Problem.temporary("Something went wrong here; try again later", "defect"));
        }
    }

    /**
     * Too many bad or refused commands end a session ({@code NET-2}, {@code ATK-15}). Where
     * recipients have answers of their own, those stay what they are and the farewell follows.
     */
    private List<Reply> budgeted(List<Reply> replies) {
        boolean tooMany = false;
        for (Reply reply : replies) {
            tooMany |=
                    switch (reply.code()) {
                        case 550, 552, 553, 554 -> conversation.refused();
                        default -> reply.code() >= 500 && ++errors >= limits.errors();
                    };
        }
        if (!tooMany) {
            return replies;
        }
        conversation.end();
        Reply farewell = Reply.of(421, "4.7.0", "Too many errors; closing connection");
        List<Reply> all = new ArrayList<>();
        if (replies.size() > 1) {
            all.addAll(replies);
        }
        all.add(farewell);
        return all;
    }
}
