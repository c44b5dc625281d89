package io.mailkeep.keys;

import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.TenantId;

/**
 * A fresh leaf, to be stored by {@code tree.put_leaf} in the transaction of the row that names it.
 * That call fails with {@code MK001} when the holder was re-keyed meanwhile: make a new one and try
 * again.
 */
public record NewLeaf(
        TenantId tenant,
        LeafId leaf,
        LeafKind kind,
        NodeId holder,
        KeyId holderKey,
        byte[] wrap,
        DataKey key) {}
