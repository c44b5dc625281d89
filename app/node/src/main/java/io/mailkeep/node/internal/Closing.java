package io.mailkeep.node.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened, to be closed in the opposite order; one that fails to close doesn't keep the
 * others open.
 */
final class Closing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Remembers something that was opened, and hands it back. */
    <T extends AutoCloseable> T add(T opened) {
        open.push(opened);
        return opened;
    }

    @Override
    @SuppressWarnings("Finally")
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.atError()
                        .addKeyValue("what", next.getClass().getSimpleName())
                        .setCause(e)
                        .log("Closing failed");
            }
        }
    }
}
