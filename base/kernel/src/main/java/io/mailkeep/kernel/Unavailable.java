package io.mailkeep.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Something this installation stands on doesn't answer right now: keys are sealed, the database is
 * away, a volume or the audit log is full or broken. Nothing was changed, but for a problem that
 * {@link Problem#isUncertain}. Each protocol translates it at one place, into its own temporary
 * answer ({@code 451}, {@code NO [UNAVAILABLE]}, {@code 503}).
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** The problem must be temporary (4xx). */
    public Unavailable(Problem problem, @Nullable Throwable cause) {
        super(problem.detail(), cause);
        if (problem.reply() >= 500) {
            throw new IllegalArgumentException("temporary is 4xx, never 5xx");
        }
        this.problem = problem;
    }

    /** Without a cause. */
    public Unavailable(Problem problem) {
        this(problem, null);
    }

    /** What to answer and to log. */
    public Problem problem() {
        return problem;
    }
}
