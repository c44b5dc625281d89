/** Tickets. */
@NullMarked
package io.mailkeep.tickets;

import org.jspecify.annotations.NullMarked;
