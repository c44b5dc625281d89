package io.mailkeep.keys.internal;

/** Is told after each durable step on the key device, in order. */
@FunctionalInterface
public interface Steps {
    /** Nobody listens. */
    Steps UNHEARD = _ -> {};

    /** The step named is durable now. */
    void durable(String step);
}
