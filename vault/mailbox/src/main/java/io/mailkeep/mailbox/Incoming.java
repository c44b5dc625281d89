package io.mailkeep.mailbox;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.message.Outline;
import io.mailkeep.segments.Clear;

/**
 * A message on its way in, the same for all its recipients: its body is stored once a tenant.
 *
 * @param body the bytes as the client sent them, unchanged
 */
public record Incoming(DataClass dataClass, Clear body, Outline outline) {}
