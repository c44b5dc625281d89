/** The log on disk: hashing, tiles, notes, devices. Used by {@code io.mailkeep.audit} alone. */
@NullMarked
package io.mailkeep.audit.internal;

import org.jspecify.annotations.NullMarked;
