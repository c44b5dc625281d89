/** What the mailbox room is made of; used by the room alone. */
@NullMarked
package io.mailkeep.mailbox.internal;

import org.jspecify.annotations.NullMarked;
