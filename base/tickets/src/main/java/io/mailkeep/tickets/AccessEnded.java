package io.mailkeep.tickets;

/**
 * A right that was there has ended in the middle of work: its ticket was revoked or has expired.
 * Whether there is another one is only known by asking anew.
 */
public final class AccessEnded extends AccessDenied {
    private static final long serialVersionUID = 1L;

    AccessEnded() {
        super("the ticket was revoked or has expired");
    }
}
