/** The message room's own parts. */
@NullMarked
package io.mailkeep.message.internal;

import org.jspecify.annotations.NullMarked;
