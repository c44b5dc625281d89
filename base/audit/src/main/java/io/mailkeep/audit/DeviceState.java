package io.mailkeep.audit;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How one of the two audit devices does.
 *
 * @param role {@code a} or {@code b}
 * @param folder where it is
 * @param size how many entries it is known to hold
 * @param aside why it was set aside; empty while it is in use
 */
public record DeviceState(String role, Path folder, long size, Optional<String> aside) {}
