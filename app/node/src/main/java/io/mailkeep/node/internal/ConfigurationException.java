package io.mailkeep.node.internal;

/**
 * The configuration can't be used; the message is a sentence for people that says what to write.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }

    /** A port that something else listens on, with what to do. */
    static ConfigurationException portTaken(
            int number, Setting port, String address, String reason) {
        return new ConfigurationException(
                "Port "
                        + number
                        + " ("
                        + port.key()
                        + ") on "
                        + address
                        + " can't be had: "
                        + reason
                        + ". Stop what listens there, or start with another --port-offset.");
    }
}
