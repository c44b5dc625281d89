/**
 * Decides who may touch what ({@code DAT-3}): verifies tickets that {@code keys} signed and turns
 * them into {@link io.mailkeep.tickets.Access}, the argument every public method that reaches data
 * takes.
 *
 * <p>Called by: protocol rooms (admission and decision), {@code keys} (encoding of what it signs),
 * every room that takes an {@code Access}. Touches nothing of its own; revocation epochs come
 * through the port {@link io.mailkeep.tickets.EpochStore}, refusals go to {@link
 * io.mailkeep.audit.Trail}. Never signs, never holds a private key, never widens a ticket, never
 * tells the refused why.
 *
 * <p>The way of one ticket: {@code keys} encodes it ({@link io.mailkeep.tickets.TicketCodec}) and
 * signs → the protocol hands it to {@link io.mailkeep.tickets.TicketAuthority#admit} with its
 * channel, where signature, span, binding and epoch are checked once → {@code decide} yields an
 * {@code Access} a command → the store calls {@code require} where data is touched and {@code
 * recheck} once a message.
 */
@NullMarked
package io.mailkeep.tickets;

import org.jspecify.annotations.NullMarked;
