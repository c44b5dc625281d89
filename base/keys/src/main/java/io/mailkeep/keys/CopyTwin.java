package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;

/**
 * The keys of a further copy of a message, for COPY (RFC 9051 6.4.7): the body's key is shared, the
 * copy's own is fresh. Whoever holds it may seal it to the mailbox and carry over what lies under
 * the copy's key; neither a key nor anything clear comes out, so the right to write is no right to
 * read ({@code ATK-105}).
 */
public final class CopyTwin {
    private final CopyId copy;
    private final CopyKeys before;
    private final CopyKeys after;

    CopyTwin(CopyId copy, CopyKeys before, CopyKeys after) {
        this.copy = copy;
        this.before = before;
        this.after = after;
    }

    /** The further copy. */
    public CopyId copy() {
        return copy;
    }

    CopyKeys keys() {
        return after;
    }

    /**
     * The same clear text under the further copy's key for this purpose.
     *
     * @throws TamperedException if it isn't what was sealed for the place {@code from}
     */
    public byte[] reseal(String label, byte[] sealed, byte[] from, byte[] to) {
        byte[] clear = before.copy().derive(label).open(sealed, from);
        return after.copy().derive(label).seal(clear, to);
    }

    @Override
    public String toString() {
        return "[keys of copy " + copy + "]";
    }
}
