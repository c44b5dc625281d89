package io.mailkeep.testing.bench;

import java.io.IOException;
import java.util.List;

/** One piece of work, done and measured alike at each server: a row of the report, or some. */
interface Load {
    /** As the report calls it, and {@code --rows} picks it. */
    String name();

    /** What we mean to reach in its figures. */
    List<Goal> goals();

    /** Whether this server does such work at all. */
    default boolean fits(Subject subject) {
        return subject instanceof MailStore;
    }

    /**
     * Whether it starts servers anew: then there is nothing to warm up, and it comes after all that
     * wants them warm.
     */
    default boolean startsAnew() {
        return false;
    }

    /** Puts there what the work needs, unless it is there; called before anything is measured. */
    default void prepare(Subject subject) throws IOException, InterruptedException {}

    /**
     * Does the work once; the first value is the one by which warmth is judged.
     *
     * @throws IOException it can't be measured; the message says why
     */
    List<Value> run(Subject subject) throws IOException, InterruptedException;
}
