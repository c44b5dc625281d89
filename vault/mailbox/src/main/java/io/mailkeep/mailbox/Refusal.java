package io.mailkeep.mailbox;

import io.mailkeep.kernel.Problem;
import java.util.Optional;

/**
 * Why a mailbox refuses what it understood: a closed set, so that each protocol gives its own code
 * (RFC 9051 7.1) without looking at words.
 */
public enum Refusal {
    /** A folder of that name is there: {@code ALREADYEXISTS}. */
    EXISTS(550, "5.2.0", "There is a folder of that name already."),
    /** No such folder: {@code NONEXISTENT}, or {@code TRYCREATE} where it was the target. */
    NOT_THERE(550, "5.2.0", "There is no such folder."),
    /** The folder has folders below it: {@code HASCHILDREN}. */
    HAS_CHILDREN(550, "5.2.0", "The folder has folders below it; delete those first."),
    /** Can't be done to this folder, ever: {@code CANNOT}. */
    CANNOT(550, "5.2.0", "INBOX can't be deleted or replaced, nor a folder moved below itself."),
    /** More folders than a mailbox may have: {@code LIMIT}. */
    LIMIT_FOLDERS(552, "5.2.2", "The mailbox has as many folders as it may; delete some first."),
    /** More keywords than a mailbox may have: {@code LIMIT}. */
    LIMIT_KEYWORDS(
            552, "5.2.2", "The mailbox has 63 keywords, as many as it may; use one of them."),
    /** Too many messages or bytes for one command: {@code LIMIT}. */
    LIMIT_COPY(552, "5.2.2", "Too many messages for one COPY; copy them in smaller sets."),
    /** No UID left in the folder: {@code LIMIT}. */
    LIMIT_UIDS(552, "5.2.2", "The folder has given out its last UID; use another folder."),
    /** The mailbox doesn't exist (any more). */
    NO_MAILBOX(550, "5.1.1", "There is no such mailbox here."),
    /** Its owner, or the company, lets nobody deliver at the moment. */
    WITHDRAWN(550, "5.7.1", "This mailbox doesn't take mail at the moment.");

    private final int reply;
    private final String enhanced;
    private final String text;

    Refusal(int reply, String enhanced, String text) {
        this.reply = reply;
        this.enhanced = enhanced;
        this.text = text;
    }

    /** What to answer and to log. */
    public Problem problem() {
        return new Problem(reply, enhanced, text, "mailbox." + name(), Problem.Fault.POLICY);
    }

    /** The refusal that a problem stands for; empty if the problem is another room's. */
    public static Optional<Refusal> of(Problem problem) {
        for (Refusal one : values()) {
            if (one.problem().equals(problem)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
