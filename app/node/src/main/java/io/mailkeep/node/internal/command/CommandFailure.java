package io.mailkeep.node.internal.command;

/** A command that wasn't carried out; the message is a sentence for people. */
class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }
}
