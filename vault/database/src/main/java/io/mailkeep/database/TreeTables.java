package io.mailkeep.database;

import io.mailkeep.database.internal.TreeRows;
import io.mailkeep.keys.TreeStore;
import java.util.function.Function;

/**
 * The key tree's rows in schema {@code tree}. One transaction may touch several tenants, one after
 * another: the epoch change does. Read committed; rows that decide something are locked.
 */
public final class TreeTables implements TreeStore {
    private final RoomDatabase tree;

    /** Over the pool of {@link Room#TREE}. */
    public TreeTables(RoomDatabase tree) {
        this.tree = tree;
    }

    @Override
    public <T> T transact(Function<TreeStore.Tx, T> work) {
        return tree.withoutTenant(tx -> work.apply(new TreeRows(tx.sql(), tx::tenant, tx::audit)));
    }
}
