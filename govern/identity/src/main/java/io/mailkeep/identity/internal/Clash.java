package io.mailkeep.identity.internal;

import io.mailkeep.kernel.Problem;

/** Rolls a transaction back because a name is taken; never leaves the room. */
public final class Clash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public Clash(String text) {
        super("taken");
        this.problem = Problem.denied(text, "identity.TAKEN");
    }

    /** What to answer. */
    public Problem problem() {
        return problem;
    }
}
