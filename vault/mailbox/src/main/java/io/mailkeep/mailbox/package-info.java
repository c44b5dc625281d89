/** Mailboxes. */
@NullMarked
package io.mailkeep.mailbox;

import org.jspecify.annotations.NullMarked;
