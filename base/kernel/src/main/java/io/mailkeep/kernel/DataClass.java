package io.mailkeep.kernel;

/**
 * How sensitive a datum is, fixed when it comes into being ({@code DAT-1}).
 *
 * <p>The order is the order of protection: a class may be raised automatically, never lowered
 * ({@code ATK-45}). The {@linkplain #code() code} is written to disk and never changes.
 */
public enum DataClass {
    PUBLIC(0),
    INTERNAL(1),
    SENSITIVE(2),
    CRITICAL(3);

    private final int code;

    DataClass(int code) {
        this.code = code;
    }

    /** The number that stands for this class on disk and in the database. */
    public int code() {
        return code;
    }

    /** The name used in folders, configuration and the database: lower case. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The class with this code; {@link IllegalArgumentException} for any other number. */
    public static DataClass ofCode(int code) {
        for (DataClass one : values()) {
            if (one.code == code) {
                return one;
            }
        }
        throw new IllegalArgumentException("no data class has code " + code);
    }
}
