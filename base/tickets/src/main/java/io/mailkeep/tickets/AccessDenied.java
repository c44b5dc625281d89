package io.mailkeep.tickets;

/**
 * Data was reached for without the right to it. The call changed nothing. Thrown only for a revoked
 * or expired ticket in the middle of work, or a defect; an ordinary refusal is an {@code Outcome}.
 */
public sealed class AccessDenied extends RuntimeException permits AccessEnded {
    private static final long serialVersionUID = 1L;

    public AccessDenied(String detail) {
        super(detail);
    }
}
