/** One class a verb of IMAP; each reads its arguments, does its work and says how it ended. */
@NullMarked
package io.mailkeep.imap.internal.command;

import org.jspecify.annotations.NullMarked;
