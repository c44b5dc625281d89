package io.mailkeep.kernel;

import java.util.regex.Pattern;

/**
 * Names one message on its way, in replies, logs, trace and audit; says nothing about sender,
 * recipient or content.
 */
public record QueueId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9A-Z]{10,26}");

    public QueueId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("queue id");
        }
    }

    /** A fresh random queue id of 16 characters. */
    public static QueueId random(Randomness randomness) {
        StringBuilder text = new StringBuilder(16);
        for (int i = 0; i < 16; i++) {
            text.append("0123456789ABCDEFGHJKMNPQRSTVWXYZ".charAt(randomness.below(32)));
        }
        return new QueueId(text.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
