package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.NewLeaf;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.tickets.Access;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Folder names and keywords as cipher text, each under a leaf of its own, bound to tenant, mailbox
 * and leaf.
 */
public final class Names {
    private final ReadingKeys keys;
    private final Access access;
    private final TenantId tenant;
    private final MailboxId mailbox;

    /** A name as it is stored. */
    public record Sealed(LeafId leaf, byte[] name) {}

    /** A name under a fresh leaf that isn't stored yet. */
    public record Fresh(NewLeaf leaf, byte[] name) {}

    public Names(ReadingKeys keys, Access access, TenantId tenant, MailboxId mailbox) {
        this.keys = keys;
        this.access = access;
        this.tenant = tenant;
        this.mailbox = mailbox;
    }

    /** Seals a name under a fresh leaf. */
    public Fresh seal(LeafKind kind, String name) {
        NewLeaf leaf = keys.newRoutingLeaf(access, tenant, mailbox, kind);
        byte[] clear = name.getBytes(StandardCharsets.UTF_8);
        return new Fresh(leaf, leaf.key().seal(clear, place(kind, leaf.leaf())));
    }

    /** Opens names; one whose leaf is gone is absent from the answer. */
    public Map<LeafId, String> open(LeafKind kind, Collection<Sealed> sealed) {
        if (sealed.isEmpty()) {
            return Map.of();
        }
        Map<LeafId, DataKey> opened =
                keys.leaves(
                        access,
                        tenant,
                        sealed.stream().map(Sealed::leaf).collect(Collectors.toList()));
        Map<LeafId, String> names = new HashMap<>();
        for (Sealed one : sealed) {
            DataKey key = opened.get(one.leaf());
            if (key != null) {
                byte[] clear = key.open(one.name(), place(kind, one.leaf()));
                names.put(one.leaf(), new String(clear, StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    private byte[] place(LeafKind kind, LeafId leaf) {
        return Framed.of("mailbox.name")
                .and(kind.code())
                .and(tenant.value())
                .and(mailbox.value())
                .and(leaf.value())
                .bytes();
    }
}
