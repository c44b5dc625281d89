package io.mailkeep.keys.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.MailboxPublicKey;
import io.mailkeep.keys.TreeStore.PairRow;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Public keys of mailboxes, remembered until any key is replaced: a delivery that used a stale one
 * is refused at its commit, and finds the new one here.
 */
public final class PublicKeys {
    private static final int KEPT_MAX = 20_000;

    private final KeyTree tree;
    private final Nodes nodes;
    private final Map<Place, Kept> kept = new ConcurrentHashMap<>();

    private record Place(TenantId tenant, MailboxId mailbox, DataClass dataClass) {}

    private record Kept(long generation, MailboxPublicKey key) {}

    public PublicKeys(KeyTree tree, Nodes nodes) {
        this.tree = tree;
        this.nodes = nodes;
    }

    /** The current public key, made at its first use. */
    public MailboxPublicKey of(TenantId tenant, MailboxId mailbox, DataClass dataClass) {
        Place place = new Place(tenant, mailbox, dataClass);
        // Asked before reading: what is read while keys are replaced isn't believed afterwards.
        long generation = tree.ring.generation();
        Kept known = kept.get(place);
        if (known != null && known.generation() == generation) {
            return known.key();
        }
        PairRow pair = nodes.pair(tenant, mailbox, dataClass);
        MailboxPublicKey key =
                new MailboxPublicKey(
                        tenant,
                        mailbox,
                        dataClass,
                        pair.node(),
                        pair.pair(),
                        pair.suite(),
                        pair.publicKey());
        if (kept.size() >= KEPT_MAX) {
            kept.clear();
        }
        kept.put(place, new Kept(generation, key));
        return key;
    }

    /** Seals a copy's two keys; refused while the keys are sealed, as everything is. */
    public byte[] seal(MailboxPublicKey to, UUID copy, byte[] both) {
        return tree.ring.use(() -> tree.wraps.tail(to.tenant(), to.node(), copy, to.key(), both));
    }
}
