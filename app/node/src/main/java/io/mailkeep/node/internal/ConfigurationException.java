package io.mailkeep.node.internal;

/**
 * The configuration can't be used; the message is a sentence for people that says what to write.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
