package io.mailkeep.tickets;

/**
 * A ticket as it is carried: its encoded form and its signature. Opaque until {@link
 * TicketAuthority} has checked it.
 */
public record SignedTicket(byte[] encoded, byte[] signature) {
    @Override
    public String toString() {
        return "[ticket]";
    }
}
