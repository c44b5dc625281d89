/** IMAP. */
@NullMarked
package io.mailkeep.imap;

import org.jspecify.annotations.NullMarked;
