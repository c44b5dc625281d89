package io.mailkeep.mailbox.internal;

import io.mailkeep.mailbox.Flags;
import java.util.EnumSet;
import java.util.Set;

/** System flags as the database's bits and back. */
public final class FlagBits {
    /** Every bit that may stand in a row. */
    public static final int ALL = 31;

    private FlagBits() {}

    /** The bits of these flags. */
    public static int of(Set<Flags.Flag> flags) {
        int bits = 0;
        for (Flags.Flag one : flags) {
            bits |= one.bit();
        }
        return bits;
    }

    /** The flags of these bits. */
    public static Set<Flags.Flag> flags(int bits) {
        EnumSet<Flags.Flag> flags = EnumSet.noneOf(Flags.Flag.class);
        for (Flags.Flag one : Flags.Flag.values()) {
            if ((bits & one.bit()) != 0) {
                flags.add(one);
            }
        }
        return flags;
    }
}
