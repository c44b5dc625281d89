package io.mailkeep.api;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;

/**
 * A request that is answered with a problem; carries it from a controller to the one place that
 * writes it.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String detail;

    /** A refusal with an HTTP status and a sentence for people. */
    public Refusal(int status, String detail) {
        super(detail);
        this.status = status;
        this.detail = detail;
    }

    /** The sentence for people. */
    public String detail() {
        return detail;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The value of a done outcome; throws the refusal of any other. */
    public static <T> T orRefuse(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Deferred<T>(Problem problem) -> throw new Refusal(503, problem.text());
            case Outcome.Refused<T>(Problem problem) -> throw new Refusal(409, problem.text());
        };
    }
}
