package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import java.util.Collection;
import java.util.Map;

/** What opens: only with an {@link Access} to the mailbox or tenant that the key belongs to. */
public final class ReadingKeys {
    ReadingKeys() {}

    /**
     * Opens the keys of these copies of the access' mailbox; a copy whose leaf is gone is absent
     * from the answer.
     */
    public Map<CopyId, CopyKeys> open(Access access, Collection<CopyId> copies) {
        throw new UnsupportedOperationException();
    }

    /** Opens leaves of names and profiles; a leaf that is gone is absent from the answer. */
    public Map<LeafId, DataKey> leaves(Access access, Collection<LeafId> leaves) {
        throw new UnsupportedOperationException();
    }

    /**
     * A fresh leaf under the routing node of a mailbox (folder name, keyword, address, profile).
     */
    public NewLeaf newRoutingLeaf(Access access, MailboxId mailbox, LeafKind kind) {
        throw new UnsupportedOperationException();
    }

    /**
     * As {@link #leaves(Access, Collection)} for a company named in the call: for an access to the
     * whole installation (directory, sign-in), or to that company.
     */
    public Map<LeafId, DataKey> leaves(Access access, TenantId tenant, Collection<LeafId> leaves) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #newRoutingLeaf(Access, MailboxId, LeafKind)} for a company named in the call. */
    public NewLeaf newRoutingLeaf(
            Access access, TenantId tenant, MailboxId mailbox, LeafKind kind) {
        throw new UnsupportedOperationException();
    }

    /** A fresh leaf under a class node of the tenant (names of tenants and domains). */
    public NewLeaf newClassLeaf(
            Access access, TenantId tenant, DataClass dataClass, LeafKind kind) {
        throw new UnsupportedOperationException();
    }

    /**
     * The keyed hash by which an address or domain is found: HMAC under the installation's lookup
     * key.
     */
    public byte[] lookupHash(Access access, String canonicalText) {
        throw new UnsupportedOperationException();
    }
}
