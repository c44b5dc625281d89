package io.mailkeep.audit;

/**
 * The audit folders can't be used as they are: edited, cut, swapped, rolled back, or another
 * installation's. Nothing was written. The message is a sentence for the administrator.
 */
public final class AuditRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AuditRefused(String sentence) {
        super(sentence);
    }
}
