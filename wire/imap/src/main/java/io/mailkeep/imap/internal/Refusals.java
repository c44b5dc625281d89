package io.mailkeep.imap.internal;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Refusal;

/** Turns a problem of another room into IMAP's words (RFC 9051 7.1, RFC 5530). */
public final class Refusals {
    private Refusals() {}

    /**
     * The answer.
     *
     * @throws Unavailable if nobody can tell whether it was done: that has no answer
     * @param target the folder that isn't there was to receive something: {@code TRYCREATE}
     */
    public static Reply reply(Problem problem, boolean target) {
        if (problem.isUncertain()) {
            throw new Unavailable(problem);
        }
        if (problem.reply() < 500) {
            return Reply.no("UNAVAILABLE", problem.text());
        }
        String code =
                Refusal.of(problem)
                        .map(refusal -> code(refusal, target))
                        .orElse(problem.fault() == Problem.Fault.POLICY ? "NOPERM" : "CANNOT");
        return Reply.no(code, problem.text());
    }

    private static String code(Refusal refusal, boolean target) {
        return switch (refusal) {
            case EXISTS -> "ALREADYEXISTS";
            case NOT_THERE, NO_MAILBOX -> target ? "TRYCREATE" : "NONEXISTENT";
            case HAS_CHILDREN -> "HASCHILDREN";
            case CANNOT -> "CANNOT";
            case LIMIT_FOLDERS, LIMIT_KEYWORDS, LIMIT_COPY, LIMIT_UIDS -> "LIMIT";
            case WITHDRAWN -> "NOPERM";
        };
    }
}
