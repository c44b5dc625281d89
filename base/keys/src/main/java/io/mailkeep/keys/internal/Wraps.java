package io.mailkeep.keys.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.keys.TreeStore.LeafRow;
import io.mailkeep.keys.TreeStore.NodeRow;
import io.mailkeep.keys.TreeStore.PairRow;
import java.util.UUID;

/**
 * What wraps what, and bound to what: the two tables of the key tree's scheme. A wrap opens only at
 * the place it was made for ({@code ATK-100}, {@code ATK-105}).
 *
 * <p>Associated data: <em>top</em>: installation, tenant, key id, epoch · <em>node</em>: tenant,
 * parent, node, parent's key id, key id, and kind, class and mailbox, so that a row's labels can't
 * be exchanged either · <em>pair</em>: tenant, node, pair id · <em>leaf</em>: tenant, holder, leaf,
 * kind · <em>tail</em>: tenant, node, copy. Symmetric wraps start with their format's number.
 */
public final class Wraps {
    private static final byte FORMAT = 1;

    private final InstallationId installation;
    private final Randomness randomness;
    private final Hpke hpke;

    public Wraps(InstallationId installation, Randomness randomness, Hpke hpke) {
        this.installation = installation;
        this.randomness = randomness;
        this.hpke = hpke;
    }

    /** A tenant's key under root and epoch key, both needed. */
    public byte[] top(Epoch epoch, TenantId tenant, KeyId id, byte[] key) {
        byte[] aad = topAad(epoch, tenant, id);
        return wrap(epoch.root(), wrap(epoch.key(), key, aad), aad);
    }

    /** A tenant's key. */
    public byte[] openTop(Epoch epoch, NodeRow tenant) {
        byte[] aad = topAad(epoch, tenant.tenant(), tenant.key());
        byte[] inner = unwrap(epoch.root(), tenant.wrap(), aad, "a tenant's key");
        return unwrap(epoch.key(), inner, aad, "a tenant's key");
    }

    private byte[] topAad(Epoch epoch, TenantId tenant, KeyId id) {
        return Framed.of("top")
                .and(installation.value())
                .and(tenant.value())
                .and(id.value())
                .and(epoch.number())
                .bytes();
    }

    /** A node's key under its parent's; {@code row} gives the ids, its wrap isn't looked at. */
    public byte[] node(NodeRow row, KeyId parentId, byte[] parentKey, byte[] key) {
        return wrap(parentKey, key, nodeAad(row, parentId));
    }

    /** A node's key. */
    public byte[] openNode(NodeRow row, KeyId parentId, byte[] parentKey) {
        return unwrap(parentKey, row.wrap(), nodeAad(row, parentId), "a node's key");
    }

    private static byte[] nodeAad(NodeRow row, KeyId parentId) {
        NodeId parent =
                row.parent()
                        .orElseThrow(() -> new TamperedException("a node lacks its parent", null));
        Framed aad =
                Framed.of("node")
                        .and(row.tenant().value())
                        .and(parent.value())
                        .and(row.node().value())
                        .and(parentId.value())
                        .and(row.key().value())
                        .and(row.kind().code())
                        .and(row.dataClass().map(DataClass::code).orElse(-1));
        return row.mailbox().map(mailbox -> aad.and(mailbox.value())).orElse(aad).bytes();
    }

    /** The secret half of a pair under its mailbox node. */
    public byte[] pair(TenantId tenant, NodeId node, KeyId pair, byte[] nodeKey, byte[] secret) {
        return wrap(nodeKey, secret, pairAad(tenant, node, pair));
    }

    /** The secret half of a pair. */
    public byte[] openPair(PairRow row, byte[] nodeKey) {
        byte[] aad = pairAad(row.tenant(), row.node(), row.pair());
        return unwrap(nodeKey, row.wrap(), aad, "a mailbox' secret key");
    }

    private static byte[] pairAad(TenantId tenant, NodeId node, KeyId pair) {
        return Framed.of("pair").and(tenant.value()).and(node.value()).and(pair.value()).bytes();
    }

    /** A leaf's key, or a copy's two, under its holder. */
    public byte[] leaf(
            TenantId tenant, NodeId holder, UUID leaf, LeafKind kind, byte[] key, byte[] body) {
        return wrap(key, body, leafAad(tenant, holder, leaf, kind));
    }

    /** What {@link #leaf} wrapped. */
    public byte[] openLeaf(LeafRow row, byte[] holderKey) {
        byte[] aad = leafAad(row.tenant(), row.holder(), row.leaf(), row.kind());
        return unwrap(holderKey, row.wrap(), aad, "a leaf's key");
    }

    private static byte[] leafAad(TenantId tenant, NodeId holder, UUID leaf, LeafKind kind) {
        return Framed.of("leaf")
                .and(tenant.value())
                .and(holder.value())
                .and(leaf)
                .and(kind.code())
                .bytes();
    }

    /** A copy's two keys, sealed to a mailbox' public key. */
    public byte[] tail(TenantId tenant, NodeId node, UUID copy, byte[] publicKey, byte[] body) {
        return hpke.seal(publicKey, body, tailAad(tenant, node, copy));
    }

    /** What {@link #tail} sealed. */
    public byte[] openTail(TenantId tenant, NodeId node, UUID copy, byte[] secret, byte[] wrap) {
        return hpke.open(secret, wrap, tailAad(tenant, node, copy));
    }

    private static byte[] tailAad(TenantId tenant, NodeId node, UUID copy) {
        return Framed.of("tail").and(tenant.value()).and(node.value()).and(copy).bytes();
    }

    private byte[] wrap(byte[] key, byte[] clear, byte[] aad) {
        byte[] nonce = randomness.bytes(Sealing.NONCE_BYTES);
        byte[] sealed = Sealing.sealWithNonce(key, nonce, clear, aad);
        byte[] out = new byte[1 + sealed.length];
        out[0] = FORMAT;
        System.arraycopy(sealed, 0, out, 1, sealed.length);
        return out;
    }

    private static byte[] unwrap(byte[] key, byte[] wrap, byte[] aad, String what) {
        if (wrap.length == 0 || wrap[0] != FORMAT) {
            throw new TamperedException(what + " has no known format", null);
        }
        return Sealing.openWithNonce(key, wrap, 1, aad, what);
    }
}
