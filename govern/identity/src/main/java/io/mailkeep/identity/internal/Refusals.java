package io.mailkeep.identity.internal;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;

/** How the directory says no. */
public final class Refusals {
    private Refusals() {}

    /** The same answer whether there is none or it is out of reach. */
    public static <T> Outcome<T> noSuch(String what) {
        return Outcome.failed(
                Problem.denied("There is no such " + what + " here.", "identity.NONE"));
    }

    /** What was given can't be right, whoever asks. */
    public static <T> Outcome<T> malformed(String text) {
        return Outcome.failed(Problem.malformed(550, "5.1.3", text));
    }
}
