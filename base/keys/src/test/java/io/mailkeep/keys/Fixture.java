package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.MemoryTree.Row;
import io.mailkeep.keys.MemoryTree.Work;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Keys over a tree in memory and two folders, with deliveries as the mailbox room makes them. */
final class Fixture {
    static final TenantId TENANT = new TenantId(new UUID(1, 1));
    static final TenantId OTHER = new TenantId(new UUID(1, 2));
    static final MailboxId MAILBOX = new MailboxId(new UUID(2, 1));
    static final MailboxId ANOTHER = new MailboxId(new UUID(2, 2));
    static final Randomness RANDOM = Randomness.system();

    final InstallationId installation = new InstallationId(new UUID(9, 9));
    final Path a;
    final Path b;
    final MemoryTree store = new MemoryTree();

    Fixture(Path folder) {
        a = folder.resolve("a");
        b = folder.resolve("b");
    }

    Keys open() {
        return Keys.open(KeysSettings.of(a, b, installation), store, Time.system(), RANDOM);
    }

    /** Delivers a copy; its keys. */
    CopyKeys deliver(Keys keys, CopyId copy) {
        CopyKeys fresh = keys.delivery().fresh();
        SealedCopy sealed =
                keys.delivery().seal(access(Operation.DELIVER), DataClass.SENSITIVE, copy, fresh);
        put(sealed);
        return fresh;
    }

    /** Stores a sealed copy as a delivery does. */
    void put(SealedCopy sealed) {
        CopyId copy = sealed.copy();
        store.transact(tx -> {
            tx.put(
                    new LeafRow(
                            TENANT,
                            copy.value(),
                            LeafKind.COPY_TAIL,
                            sealed.node(),
                            sealed.pair(),
                            sealed.wrap()));
            return ((Work) tx)
                    .db.rows.put(copy, new Row(TENANT, MAILBOX, DataClass.SENSITIVE, false));
        });
    }

    /** Stores a leaf as {@code tree.put_leaf} does. */
    void put(NewLeaf leaf) {
        store.transact(tx -> {
            tx.put(row(leaf));
            return leaf;
        });
    }

    /** A leaf as its row holds it. */
    static LeafRow row(NewLeaf leaf) {
        return new LeafRow(
                leaf.tenant(),
                leaf.leaf().value(),
                leaf.kind(),
                leaf.holder(),
                leaf.holderKey(),
                leaf.wrap());
    }

    void hide(CopyId copy) {
        store.transact(tx -> {
            ((Work) tx).written = true;
            return ((Work) tx)
                    .db.rows.put(copy, new Row(TENANT, MAILBOX, DataClass.SENSITIVE, true));
        });
    }

    static Access access(Operation... operations) {
        return TestAccess.to(TENANT, MAILBOX, operations);
    }

    /** Whether a copy opens, to the same keys. */
    static boolean opens(Keys keys, CopyId copy, CopyKeys expected) {
        CopyKeys opened = keys.reading().open(access(Operation.READ), List.of(copy)).get(copy);
        return opened != null
                && same(opened.copy(), expected.copy())
                && same(opened.body(), expected.body());
    }

    static boolean same(DataKey one, DataKey other) {
        InsecureKeyAccess raw = InsecureKeyAccess.toRawKeyBytes();
        return java.util.Arrays.equals(one.exposeRawKeyBytes(raw), other.exposeRawKeyBytes(raw));
    }

    static CopyId copy() {
        return new CopyId(RANDOM.uuid());
    }
}
