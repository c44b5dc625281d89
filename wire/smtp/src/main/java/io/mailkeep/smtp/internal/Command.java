package io.mailkeep.smtp.internal;

import java.io.IOException;

/** One verb. */
@FunctionalInterface
public interface Command {
    /**
     * Acts and answers. May throw what the session translates: {@link
     * io.mailkeep.kernel.Unavailable}, {@link io.mailkeep.tickets.AccessDenied}, defects.
     *
     * @param argument what stands behind the verb, without the space before it; valid UTF-8
     */
    Reply run(Conversation conversation, String argument) throws IOException;
}
