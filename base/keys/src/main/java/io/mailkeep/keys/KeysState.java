package io.mailkeep.keys;

/** Whether anything can be opened at all. */
public sealed interface KeysState {
    /** The root is at hand. */
    record Unsealed() implements KeysState {}

    /**
     * Nothing decrypts.
     *
     * @param reason a sentence for people
     * @param advice what to do or to type
     */
    record Sealed(String reason, String advice) implements KeysState {}
}
