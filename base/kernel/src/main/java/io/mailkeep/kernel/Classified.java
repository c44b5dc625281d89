package io.mailkeep.kernel;

/**
 * A value with its data class, which prints as the class alone ({@code DAT-1}): logs and messages
 * can't show it.
 *
 * @param <T> the value's own type
 */
public record Classified<T>(DataClass dataClass, T value) {
    /** A value of class <em>sensitive</em>: addresses, names, subjects, folder names. */
    public static <T> Classified<T> sensitive(T value) {
        return new Classified<>(DataClass.SENSITIVE, value);
    }

    @Override
    public String toString() {
        return "[" + dataClass.label() + "]";
    }
}
