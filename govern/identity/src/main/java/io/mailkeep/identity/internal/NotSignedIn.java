package io.mailkeep.identity.internal;

import io.mailkeep.kernel.Problem;

/** What somebody is told who wasn't signed in: never which of name and password was wrong. */
public final class NotSignedIn {
    /** Unknown, wrong, disabled or without a password: the same to whoever asks. */
    public static final Problem WRONG =
            new Problem(
                    535,
                    "5.7.8",
                    "The name or the password is wrong.",
                    "identity.SIGN_IN",
                    Problem.Fault.THEIRS);

    /** So many attempts failed that no more are tried for a while. */
    public static final Problem TOO_MANY =
            new Problem(
                    454,
                    "4.7.0",
                    "Too many failed sign-ins; try again in a quarter of an hour.",
                    "identity.THROTTLED",
                    Problem.Fault.POLICY);

    /** Too many others of the same name or address weren't decided in time. */
    public static final Problem AT_ONCE =
            new Problem(
                    451,
                    "4.7.0",
                    "Too many sign-ins at once; please try again in a moment.",
                    "others of this name or address are undecided",
                    Problem.Fault.OURS);

    private NotSignedIn() {}
}
