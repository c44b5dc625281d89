package io.mailkeep.identity;

import io.mailkeep.message.EmailAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * So many sign-ins on one name failed that it is locked for a while ({@code ATK-65}).
 *
 * @param address whose account it is, if it is anybody's
 * @param tries failed, at least, within the window
 * @param window how long they are counted, and the longest that the name stays locked
 * @param locked when that was noticed
 */
public record Guesses(EmailAddress address, int tries, Duration window, Instant locked) {
    @Override
    public String toString() {
        return "[guesses " + tries + "]";
    }
}
