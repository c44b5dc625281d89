package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.keys.CopyTwin;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.message.Outline;
import java.nio.ByteBuffer;

/**
 * What lies under a copy's own key: its trace headers and the outline of the body. Opens only as
 * what was sealed for this tenant, mailbox and copy ({@code ATK-100}): a row moved to another place
 * is noticed.
 */
public record Meta(byte[] trace, Outline outline) {
    private static final byte VERSION = 1;
    private static final String LABEL = "meta";

    /** Seals it under the copy's key. */
    public byte[] seal(CopyKeys keys, TenantId tenant, MailboxId mailbox, CopyId copy) {
        byte[] encoded = outline.encode();
        byte[] clear =
                ByteBuffer.allocate(1 + Integer.BYTES + trace.length + encoded.length)
                        .put(VERSION)
                        .putInt(trace.length)
                        .put(trace)
                        .put(encoded)
                        .array();
        return key(keys).seal(clear, place(tenant, mailbox, copy));
    }

    /** Opens it; {@link TamperedException} if it isn't exactly what was sealed. */
    public static Meta open(
            byte[] sealed, CopyKeys keys, TenantId tenant, MailboxId mailbox, CopyId copy) {
        ByteBuffer clear = ByteBuffer.wrap(key(keys).open(sealed, place(tenant, mailbox, copy)));
        if (clear.remaining() < 1 + Integer.BYTES || clear.get() != VERSION) {
            throw new IllegalStateException("meta of a version that this release doesn't know");
        }
        byte[] trace = new byte[clear.getInt()];
        clear.get(trace);
        byte[] encoded = new byte[clear.remaining()];
        clear.get(encoded);
        return new Meta(trace, Outline.decode(encoded));
    }

    /** The same bytes under another copy's key, for COPY: never decoded on the way. */
    public static byte[] reseal(
            byte[] sealed, CopyId before, CopyTwin twin, TenantId tenant, MailboxId mailbox) {
        return twin.reseal(
                LABEL, sealed, place(tenant, mailbox, before), place(tenant, mailbox, twin.copy()));
    }

    private static DataKey key(CopyKeys keys) {
        return keys.copy().derive(LABEL);
    }

    private static byte[] place(TenantId tenant, MailboxId mailbox, CopyId copy) {
        return Framed.of("mailbox.meta")
                .and(tenant.value())
                .and(mailbox.value())
                .and(copy.value())
                .bytes();
    }
}
