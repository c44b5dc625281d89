package io.mailkeep.kernel;

/**
 * Names one message on its way, in replies, logs, trace and audit; says nothing about sender,
 * recipient or content.
 */
public record QueueId(String value) {
    public QueueId {
        if (!value.matches("[0-9A-Z]{10,26}")) {
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
