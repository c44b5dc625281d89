package io.mailkeep.kernel;

import java.util.function.Function;

/**
 * What became of a request whose failure is expected: done, deferred (try again later) or refused
 * (never). Exceptions are for defects only.
 *
 * @param <T> what a done request yields
 */
public sealed interface Outcome<T> {
    /** It happened, durably where the method promises so. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * Nothing happened, and trying again later may help; or nobody can tell ({@link
     * Problem#isUncertain}).
     */
    record Deferred<T>(Problem problem) implements Outcome<T> {}

    /** Nothing happened, and trying again won't help. */
    record Refused<T>(Problem problem) implements Outcome<T> {}

    /** A done request. */
    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    /** A failed request: deferred for a 4xx problem, refused for a 5xx one. */
    static <T> Outcome<T> failed(Problem problem) {
        return problem.reply() < 500 ? new Deferred<>(problem) : new Refused<>(problem);
    }

    /** Goes on with the value of a done request; hands a problem through. */
    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        return switch (this) {
            case Done<T>(T value) -> next.apply(value);
            case Deferred<T>(Problem problem) -> new Deferred<>(problem);
            case Refused<T>(Problem problem) -> new Refused<>(problem);
        };
    }

    /** The value of a done request changed; a problem handed through. */
    default <R> Outcome<R> map(Function<? super T, R> change) {
        return then(value -> done(change.apply(value)));
    }
}
