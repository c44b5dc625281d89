package io.mailkeep.keys;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.keys.internal.KeyTree;
import io.mailkeep.keys.internal.Nodes;
import io.mailkeep.keys.internal.PublicKeys;
import io.mailkeep.keys.internal.Sealing;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * What the delivering module may do with keys: seal to mailboxes. It holds no private key and opens
 * nothing ({@code ACC-3}, {@code ATK-102}).
 */
@Claim({"ACC-3", "ATK-102"})
public final class DeliveryKeys {
    private static final Set<Operation> MAY_PUT = Set.of(Operation.DELIVER, Operation.WRITE);

    private final KeyTree tree;
    private final PublicKeys publicKeys;

    DeliveryKeys(KeyTree tree, Nodes nodes) {
        this.tree = tree;
        this.publicKeys = new PublicKeys(tree, nodes);
    }

    /** Fresh keys for a new message body and the first copy of it. */
    public CopyKeys fresh() {
        return new CopyKeys(freshKey(), freshKey());
    }

    /** A further copy of the same body: the body's key with a copy key of its own. */
    public CopyKeys another(CopyKeys first) {
        return new CopyKeys(first.body(), freshKey());
    }

    private DataKey freshKey() {
        return DataKey.ofRawKeyBytes(
                tree.randomness().bytes(Sealing.KEY_BYTES),
                tree.randomness(),
                InsecureKeyAccess.toRawKeyBytes());
    }

    /** Seals a further copy's keys, as {@link #seal(Access, DataClass, CopyId, CopyKeys)} does. */
    public SealedCopy seal(Access mailbox, DataClass dataClass, CopyTwin twin) {
        return seal(mailbox, dataClass, twin.copy(), twin.keys());
    }

    /**
     * Seals a copy's keys to the mailbox's current public key for the class, making node and pair
     * at first use; needs DELIVER or WRITE.
     *
     * @throws io.mailkeep.kernel.Unavailable while the keys are sealed
     */
    public SealedCopy seal(Access mailbox, DataClass dataClass, CopyId copy, CopyKeys keys) {
        mailbox.requireOneOf(MAY_PUT);
        TenantId tenant = mailbox.tenant();
        MailboxId id = mailbox.requireMailbox();
        MailboxPublicKey to = publicKeys.of(tenant, id, dataClass);
        InsecureKeyAccess access = InsecureKeyAccess.toRawKeyBytes();
        byte[] both =
                ByteBuffer.allocate(2 * Sealing.KEY_BYTES)
                        .put(keys.body().exposeRawKeyBytes(access))
                        .put(keys.copy().exposeRawKeyBytes(access))
                        .array();
        byte[] wrap = publicKeys.seal(to, copy.value(), both);
        return new SealedCopy(copy, to.node(), to.pair(), wrap);
    }
}
