package io.mailkeep.keys;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.keys.internal.KeyTree;
import io.mailkeep.keys.internal.LeafOpener;
import io.mailkeep.keys.internal.Nodes;
import io.mailkeep.keys.internal.Sealing;
import io.mailkeep.keys.internal.StandingLeaves;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What opens: only with an {@link Access} to the mailbox or tenant that the key belongs to ({@code
 * DAT-3}, {@code ATK-105}). Copies need READ and the mailbox itself; names need an access to their
 * tenant, and where it is for one mailbox, to that one.
 */
@Claim({"DAT-3", "ATK-103", "ATK-105"})
public final class ReadingKeys {
    private static final Set<Operation> NAMES =
            Set.of(
                    Operation.READ,
                    Operation.FLAG,
                    Operation.WRITE,
                    Operation.EXPUNGE,
                    Operation.FOLDERS,
                    Operation.SUBMIT,
                    Operation.DELIVER,
                    Operation.RESOLVE,
                    Operation.SIGN_IN,
                    Operation.DIRECTORY,
                    Operation.MAINTAIN);

    private final KeyTree tree;
    private final Nodes nodes;
    private final StandingLeaves standing;
    private final LeafOpener opener;

    ReadingKeys(KeyTree tree, Nodes nodes, StandingLeaves standing) {
        this.tree = tree;
        this.nodes = nodes;
        this.standing = standing;
        this.opener = new LeafOpener(tree);
    }

    /**
     * Opens the keys of these copies of the access' mailbox; a copy whose leaf is gone is absent
     * from the answer. Needs READ.
     */
    public Map<CopyId, CopyKeys> open(Access access, Collection<CopyId> copies) {
        access.require(Operation.READ);
        return opened(access, copies);
    }

    /**
     * Keys for further copies of these copies in the access' mailbox, by the copy each is of; one
     * whose leaf is gone is absent from the answer. Needs WRITE, and opens nothing for its holder.
     *
     * @param further ids for the further copies
     */
    public Map<CopyId, CopyTwin> twins(Access access, Map<CopyId, CopyId> further) {
        access.require(Operation.WRITE);
        Map<CopyId, CopyTwin> twins = new HashMap<>();
        opened(access, further.keySet())
                .forEach((copy, keys) -> {
                    CopyId other = further.get(copy);
                    if (other != null) {
                        CopyKeys fresh =
                                new CopyKeys(keys.body(), DataKey.fresh(tree.randomness()));
                        twins.put(copy, new CopyTwin(other, keys, fresh));
                    }
                });
        return twins;
    }

    private Map<CopyId, CopyKeys> opened(Access access, Collection<CopyId> copies) {
        MailboxId mailbox = access.requireMailbox();
        Map<CopyId, CopyKeys> opened = new HashMap<>();
        opener.copies(access.tenant(), mailbox, copies.stream().map(CopyId::value).toList())
                .forEach((copy, both) ->
                        opened.put(
                                new CopyId(copy),
                                new CopyKeys(
                                        key(Arrays.copyOf(both, Sealing.KEY_BYTES)),
                                        key(
                                                Arrays.copyOfRange(
                                                        both,
                                                        Sealing.KEY_BYTES,
                                                        2 * Sealing.KEY_BYTES)))));
        return opened;
    }

    /** As {@link #leaves(Access, TenantId, Collection)}, in the access' own tenant. */
    public Map<LeafId, DataKey> leaves(Access access, Collection<LeafId> leaves) {
        return leaves(access, access.tenant(), leaves);
    }

    /**
     * Opens leaves of names and profiles, never of copies; a leaf that is gone is absent from the
     * answer. An installation-wide access may name any tenant.
     */
    public Map<LeafId, DataKey> leaves(Access access, TenantId tenant, Collection<LeafId> leaves) {
        access.requireOneOf(NAMES);
        reaches(access, tenant, Optional.empty());
        Map<LeafId, DataKey> opened = new HashMap<>();
        opener.names(tenant, access.mailbox(), leaves.stream().map(LeafId::value).toList())
                .forEach((leaf, raw) -> opened.put(new LeafId(leaf), key(raw)));
        return opened;
    }

    /** As {@link #newRoutingLeaf(Access, TenantId, MailboxId, LeafKind)}, in the access' tenant. */
    public NewLeaf newRoutingLeaf(Access access, MailboxId mailbox, LeafKind kind) {
        return newRoutingLeaf(access, access.tenant(), mailbox, kind);
    }

    /**
     * A fresh leaf under the routing node of a mailbox (folder name, keyword, address, profile),
     * which is made at its first use.
     */
    public NewLeaf newRoutingLeaf(
            Access access, TenantId tenant, MailboxId mailbox, LeafKind kind) {
        access.requireOneOf(NAMES);
        reaches(access, tenant, Optional.of(mailbox));
        return nodes.withRouting(
                tenant, mailbox, (_, row, holderKey) -> fresh(row, holderKey, kind));
    }

    /** A fresh leaf under a class node of the tenant (names of tenants and domains). */
    public NewLeaf newClassLeaf(
            Access access, TenantId tenant, DataClass dataClass, LeafKind kind) {
        access.requireOneOf(NAMES);
        reaches(access, tenant, Optional.empty());
        return nodes.withClass(
                tenant, dataClass, (_, row, holderKey) -> fresh(row, holderKey, kind));
    }

    /**
     * The keyed hash by which an address or domain is found: HMAC under the installation's lookup
     * key.
     */
    public byte[] lookupHash(Access access, String canonicalText) {
        access.requireOneOf(NAMES);
        return standing.lookup().mac(StandingLeaves.canonical(canonicalText));
    }

    private NewLeaf fresh(TreeStore.NodeRow holder, byte[] holderKey, LeafKind kind) {
        LeafOpener.Fresh made = opener.fresh(holder, holderKey, kind);
        return new NewLeaf(
                holder.tenant(),
                new LeafId(made.leaf()),
                kind,
                holder.node(),
                holder.key(),
                made.wrap(),
                key(made.key()));
    }

    private DataKey key(byte[] raw) {
        return DataKey.ofRawKeyBytes(raw, tree.randomness(), InsecureKeyAccess.toRawKeyBytes());
    }

    private static void reaches(Access access, TenantId tenant, Optional<MailboxId> mailbox) {
        boolean wide = access.tenant().equals(Event.INSTALLATION) && access.mailbox().isEmpty();
        if (!wide && !access.tenant().equals(tenant)) {
            throw new AccessDenied("a key of another tenant was asked for");
        }
        if (mailbox.isPresent()
                && access.mailbox().isPresent()
                && !access.mailbox().equals(mailbox)) {
            throw new AccessDenied("a key of another mailbox was asked for");
        }
    }
}
