package io.mailkeep.mailbox;

import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TreeStore;
import io.mailkeep.mailbox.internal.DoctorQueries;
import io.mailkeep.mailbox.internal.DoctorQueries.Named;
import io.mailkeep.mailbox.internal.LeafWalk;
import io.mailkeep.mailbox.internal.LeafWalk.Kind;
import io.mailkeep.segments.Finding;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Recomputes what must hold between rows, bodies and keys; changes nothing, opens nothing.
 *
 * <ul>
 *   <li>M1: each message row, hidden or not, has its one copy leaf, under its own mailbox and
 *       class.
 *   <li>M2: each copy leaf has its message row.
 *   <li>M3: each folder, subscription and keyword has its name's leaf under its mailbox' routing
 *       node, and each such leaf its folder, subscription or keyword.
 *   <li>M4: each blob row names an intact record of its tenant, body, class and size (the segments
 *       room's V7); a message row has its blob's class and at least its size.
 *   <li>M5: each blob row has a message row.
 *   <li>M6: a visible message lies in a folder that exists, under a UID from 1 to below UIDNEXT
 *       that isn't gone; gone UIDs are below UIDNEXT of a folder that exists.
 *   <li>M7: MODSEQ of message and gone UID ≤ its folder's ≤ its mailbox'; each folder has another
 *       UIDVALIDITY, none above its mailbox'.
 *   <li>M8: no row of a copy that is destroyed or was re-encrypted as another.
 *   <li>M9: each mailbox has one INBOX; flags and keywords of rows are known ones.
 * </ul>
 *
 * <p>On a store in use, rows and leaves are read a moment apart: what looks wrong is looked at
 * again, and told only if it is still so.
 */
public final class StoreDoctor {
    private final DoctorQueries queries;
    private final TreeStore tree;
    private final SegmentStore segments;

    /**
     * @param tree the rows of the key tree: wraps only
     */
    public StoreDoctor(Backing backing, TreeStore tree) {
        this.queries = new DoctorQueries(backing.rows());
        this.tree = tree;
        this.segments = backing.segments();
    }

    /** What is wrong, one sentence each, with its invariant first; needs MAINTAIN. */
    public List<String> check(Access access) {
        access.require(Operation.MAINTAIN);
        Set<String> first = look(access);
        if (first.isEmpty()) {
            return List.of();
        }
        first.retainAll(look(access));
        return List.copyOf(first);
    }

    private Set<String> look(Access access) {
        Set<String> findings = new LinkedHashSet<>();
        for (Finding one : segments.doctor(access)) {
            findings.add(one.invariant() + ": " + one.text());
        }
        for (TenantId tenant : tree.transact(TreeStore.Tx::tenants)) {
            access.recheck();
            findings.addAll(queries.rows(tenant));
            bodies(access, tenant, findings);
            for (MailboxId mailbox : queries.mailboxes(tenant)) {
                leaves(tenant, mailbox, findings);
            }
        }
        return findings;
    }

    private void bodies(Access access, TenantId tenant, Set<String> findings) {
        List<StoredBlob> page = queries.blobs(tenant, new UUID(0, 0));
        while (!page.isEmpty()) {
            for (StoredBlob blob : page) {
                segments.check(access, blob).ifPresent(one -> findings.add("M4: " + one.text()));
            }
            page = queries.blobs(tenant, page.getLast().blob().value());
        }
    }

    private void leaves(TenantId tenant, MailboxId mailbox, Set<String> findings) {
        Map<UUID, LeafWalk.Leaf> leaves =
                tree.transact(tx -> new LeafWalk(tx, tenant, mailbox).all());
        Map<UUID, LeafWalk.Leaf> left = new HashMap<>(leaves);
        List<UUID> copies = new ArrayList<>();
        for (DoctorQueries.Copy copy : queries.copies(tenant, mailbox)) {
            LeafWalk.Leaf leaf = left.remove(copy.id());
            copies.add(copy.id());
            if (leaf == null || leaf.kind() != Kind.COPY || leaf.dataClass() != copy.dataClass()) {
                findings.add("M1: message " + copy.id() + " has no leaf of its class");
            }
        }
        for (Named named : queries.named(tenant, mailbox)) {
            LeafWalk.Leaf leaf = left.remove(named.leaf().value());
            if (leaf == null || leaf.kind() != named.kind()) {
                findings.add("M3: the name of " + named.what() + " has no leaf");
            }
        }
        left.forEach((id, leaf) -> findings.add(lonely(new LeafId(id), leaf)));
        destroyed(tenant, copies, findings);
    }

    private void destroyed(TenantId tenant, List<UUID> copies, Set<String> findings) {
        Set<UUID> dead =
                tree.transact(tx -> {
                    Set<UUID> ids = new HashSet<>();
                    tx.tombs(tenant, 1).forEach(row -> ids.add(row.leaf()));
                    tx.tombs(tenant, 2).forEach(row -> ids.add(row.leaf()));
                    tx.successors(tenant, copies).forEach(row -> ids.add(row.before()));
                    return ids;
                });
        copies.stream()
                .filter(dead::contains)
                .forEach(id -> findings.add("M8: message " + id + " is destroyed but has a row"));
    }

    private static String lonely(LeafId leaf, LeafWalk.Leaf what) {
        return switch (what.kind()) {
            case COPY -> "M2: copy leaf " + leaf + " has no message";
            case FOLDER_NAME -> "M3: folder name leaf " + leaf + " has no folder";
            case KEYWORD -> "M3: keyword leaf " + leaf + " has no keyword";
        };
    }
}
