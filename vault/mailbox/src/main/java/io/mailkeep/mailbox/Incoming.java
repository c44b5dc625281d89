package io.mailkeep.mailbox;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.message.Outline;
import io.mailkeep.segments.Clear;

/**
 * A message on its way in: one a tenant, shared by that tenant's recipients, so that it is stored
 * once.
 *
 * @param body the bytes as the client sent them, unchanged
 */
public record Incoming(DataClass dataClass, Clear body, Outline outline) {}
