package io.mailkeep.smtp.internal.command;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.net.Connection;
import io.mailkeep.smtp.internal.Command;
import io.mailkeep.smtp.internal.Conversation;
import io.mailkeep.smtp.internal.DataReader;
import io.mailkeep.smtp.internal.Reply;
import io.mailkeep.transport.Arrival;
import io.mailkeep.transport.Transaction;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DATA (RFC 5321 4.1.1.4). {@code 250} says that every recipient's copy is durable, by LMTP that
 * this recipient's is (RFC 2033 4.2); a client that leaves before it sent {@code CRLF.CRLF} left
 * nothing behind ({@code ATK-19}).
 */
@Claim({"ATK-01", "ATK-09", "ATK-19"})
public final class Data implements Command {
    private static final Logger log = LoggerFactory.getLogger(Data.class);

    @Override
    public Reply run(Conversation conversation, String argument) throws IOException {
        Optional<Reply> outOfPlace = outOfPlace(conversation, argument);
        if (outOfPlace.isPresent()) {
            if (conversation.connection().inputBuffered()) {
                // The body is on its way already and must not be read as commands.
                conversation.end();
            }
            return outOfPlace.get();
        }
        Transaction transaction = conversation.transaction().orElseThrow();
        try (Arrival arrival = transaction.arrival()) {
            conversation.send(Reply.plain(354, "End data with <CR><LF>.<CR><LF>"));
            return receive(conversation, transaction, arrival);
        } finally {
            conversation.reset();
        }
    }

    private static Optional<Reply> outOfPlace(Conversation conversation, String argument) {
        if (!argument.isEmpty()) {
            return Optional.of(Reply.of(501, "5.5.4", "DATA takes no parameters"));
        }
        if (conversation.transaction().isEmpty()) {
            return Optional.of(Reply.of(503, "5.5.1", "Say MAIL first"));
        }
        if (conversation.transaction().get().recipients() == 0) {
            int code = conversation.service().lmtp() ? 503 : 554;
            return Optional.of(Reply.of(code, "5.5.1", "No recipient was taken"));
        }
        return Optional.empty();
    }

    private static Reply receive(
            Conversation conversation, Transaction transaction, Arrival arrival)
            throws IOException {
        Connection connection = conversation.connection();
        connection.phase(conversation.limits().dataIdle(), conversation.limits().dataOverall());
        DataReader reader =
                new DataReader(connection, arrival, conversation.limits().drainOctets());
        DataReader.Ending ending = reader.read();
        if (ending != DataReader.Ending.COMPLETE || reader.brokenLines()) {
            conversation.end();
        }
        if (ending == DataReader.Ending.LOST) {
            return Reply.of(421, "4.4.2", "The connection ended within a message");
        }
        if (conversation.service().lmtp()) {
            conversation.owe(transaction.recipients());
        }
        // The client waits for the answer, however long we take: RFC 5321 4.5.3.2.6 says 10
        // minutes.
        connection.phase(conversation.limits().commandIdle(), conversation.limits().dataOverall());
        List<Reply> replies = answers(conversation, transaction, arrival);
        replies.subList(0, replies.size() - 1).forEach(conversation::give);
        return replies.getLast();
    }

    /** One for each recipient, or one that holds for all. */
    private static List<Reply> answers(
            Conversation conversation, Transaction transaction, Arrival arrival) {
        List<Outcome<QueueId>> outcomes;
        try {
            outcomes =
                    conversation.service().lmtp()
                            ? transaction.deliverEach(arrival)
                            : List.of(transaction.deliver(arrival));
        } catch (Unavailable away) {
            outcomes = List.of(Outcome.failed(away.problem()));
        } catch (IOException unreadable) {
            log.atError()
                    .addKeyValue("queueId", transaction.id())
                    .setCause(unreadable)
                    .log("a spooled message couldn't be read back");
            outcomes =
                    List.of(
                            Outcome.failed(
                                    Problem.temporary(
                                            "The message can't be stored now; try again later",
                                            "spool")));
        }
        if (outcomes.stream().anyMatch(Outcome.Done.class::isInstance)) {
            conversation.delivered();
        }
        return outcomes.stream().map(outcome -> named(transaction.id(), reply(outcome))).toList();
    }

    private static Reply reply(Outcome<QueueId> outcome) {
        return switch (outcome) {
            case Outcome.Done<QueueId>(QueueId _) -> Reply.of(250, "2.0.0", "Message taken");
            case Outcome.Deferred<QueueId>(Problem problem) -> Reply.of(problem);
            case Outcome.Refused<QueueId>(Problem problem) -> Reply.of(problem);
        };
    }

    /** Whoever asks us about this message can name it. */
    private static Reply named(QueueId id, Reply reply) {
        return Reply.of(reply.code(), reply.enhanced(), reply.lines().getFirst() + "; " + id);
    }
}
