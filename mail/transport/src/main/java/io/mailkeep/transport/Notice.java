package io.mailkeep.transport;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.message.EmailAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * A message of the server itself to one of its own people, by the way that all mail takes in:
 * durable on return, on the audit log, refused where any other would be. It has no reverse path, so
 * nothing answers it.
 */
@Claim("ATK-65")
public final class Notice {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final Intake intake;

    public Notice(Intake intake) {
        this.intake = intake;
    }

    /**
     * Delivers it.
     *
     * @param subject and {@code text} are ASCII, the text in lines ended by LF
     */
    public Outcome<QueueId> send(EmailAddress to, String subject, String text) throws IOException {
        Origin origin =
                new Origin(
                        "notice",
                        "LOCAL",
                        intake.hostName(),
                        InetAddress.getLoopbackAddress(),
                        Optional.empty(),
                        Optional.empty());
        return switch (intake.begin(origin, Optional.empty())) {
            case Outcome.Done<Transaction>(Transaction one) -> deliver(one, to, subject, text);
            case Outcome.Deferred<Transaction>(Problem problem) -> Outcome.failed(problem);
            case Outcome.Refused<Transaction>(Problem problem) -> Outcome.failed(problem);
        };
    }

    private Outcome<QueueId> deliver(
            Transaction transaction, EmailAddress to, String subject, String text)
            throws IOException {
        Optional<Problem> nobody = transaction.recipient(to);
        if (nobody.isPresent()) {
            return Outcome.failed(nobody.get());
        }
        String host = intake.hostName();
        String whole =
                "Date: "
                        + DATE.format(intake.time().instant().atOffset(ZoneOffset.UTC))
                        + "\nFrom: Mailkeep <postmaster@"
                        + host
                        + ">\nTo: "
                        + to.text()
                        + "\nMessage-ID: <"
                        + transaction.id().value()
                        + "@"
                        + host
                        + ">\nSubject: "
                        + subject
                        + "\nAuto-Submitted: auto-generated\n\n"
                        + text;
        byte[] bytes = whole.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try (Arrival arrival = transaction.arrival()) {
            arrival.write(bytes, 0, bytes.length);
            return transaction.deliver(arrival);
        }
    }
}
