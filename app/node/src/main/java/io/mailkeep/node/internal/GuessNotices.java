package io.mailkeep.node.internal;

import io.mailkeep.identity.Guesses;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.transport.Notice;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an account's owner, by a message in their mailbox, that somebody guesses at its password
 * ({@code ATK-65}): what happened, when, how often, and what to do; no link, no address of the
 * guesser's. In the background, so that no answer takes longer for an account that exists.
 *
 * <p>Not protected: while no mail can be delivered nobody is told. The audit log has it all the
 * same.
 */
@Claim({"ACC-1", "ATK-65"})
final class GuessNotices implements Consumer<Guesses> {
    static final String SUBJECT = "Somebody is trying passwords on your account";

    private static final Logger LOG = LoggerFactory.getLogger(GuessNotices.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm", Locale.ENGLISH);

    private final Notice notice;

    GuessNotices(Notice notice) {
        this.notice = notice;
    }

    @Override
    public void accept(Guesses guesses) {
        Thread.ofVirtual().name("owner-notice").start(() -> tell(guesses));
    }

    private void tell(Guesses guesses) {
        try {
            if (!(notice.send(guesses.address(), SUBJECT, text(guesses)) instanceof Outcome.Done)) {
                LOG.atDebug().log("nobody's account was guessed at, or no mail is taken now");
            }
        } catch (IOException | RuntimeException failed) {
            LOG.atWarn().setCause(failed).log("An account's owner could not be told of guesses");
        }
    }

    static String text(Guesses guesses) {
        return """
        Somebody has tried to sign in to your account with wrong passwords: at least
        %d times within %d minutes, until %s (UTC).
        None of these tries succeeded.

        To protect you, your account takes no sign-in for up to %2$d minutes, except from
        networks where you have signed in before.

        If it was you, with an old password in a phone or a mail program perhaps: put
        the right one in there.

        If it wasn't you: you need do nothing now. If you use your password anywhere else,
        or it is an easy one, ask your administrator for a new one.

        This message comes once a day at most. It never asks for your password, and there
        is nothing in it to click on.
        """
                .formatted(
                        guesses.tries(),
                        guesses.window().toMinutes(),
                        TIME.format(guesses.locked().atOffset(ZoneOffset.UTC)));
    }
}
