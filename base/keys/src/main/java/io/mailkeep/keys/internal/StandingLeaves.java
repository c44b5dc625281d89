package io.mailkeep.keys.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.SubjectCipher;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.KeysState;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.keys.TamperedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * Leaves with a fixed id, made at their first use: a person's key for the audit log's personal
 * fields, and the installation's key for finding addresses by keyed hash.
 *
 * <p>Exempt from taking an {@code Access}: sealing and opening personal fields of the audit log,
 * which has checked its own.
 */
public final class StandingLeaves implements SubjectCipher {
    private static final UUID LOOKUP = new UUID(0, LeafKind.LOOKUP.code());

    private final KeyTree tree;
    private final Nodes nodes;

    public StandingLeaves(KeyTree tree, Nodes nodes) {
        this.tree = tree;
        this.nodes = nodes;
    }

    /** The key that addresses are hashed with. */
    public DataKey lookup() {
        return key(Event.INSTALLATION, LOOKUP, LeafKind.LOOKUP);
    }

    @Override
    public Optional<byte[]> seal(TenantId tenant, SubjectId subject, byte[] clear) {
        if (isSealed()) {
            return Optional.empty();
        }
        DataKey key = key(tenant, subject.value(), LeafKind.SUBJECT);
        return Optional.of(key.seal(clear, aad(tenant, subject)));
    }

    @Override
    public Optional<byte[]> open(TenantId tenant, SubjectId subject, byte[] sealed) {
        if (isSealed()) {
            return Optional.empty();
        }
        try {
            // A key made just now opens nothing that was sealed under a destroyed one.
            DataKey key = key(tenant, subject.value(), LeafKind.SUBJECT);
            return Optional.of(key.open(sealed, aad(tenant, subject)));
        } catch (TamperedException gone) {
            return Optional.empty();
        }
    }

    private boolean isSealed() {
        return switch (tree.ring.state()) {
            case KeysState.Sealed(String reason, String advice) -> true;
            case KeysState.Unsealed() -> false;
        };
    }

    private DataKey key(TenantId tenant, UUID leaf, LeafKind kind) {
        return tree.ring
                .use(() -> tree.ring.leaves().find(leaf))
                .orElseGet(() -> {
                    byte[] raw = nodes.classLeaf(tenant, DataClass.SENSITIVE, leaf, kind);
                    DataKey key =
                            DataKey.ofRawKeyBytes(
                                    raw, tree.randomness, InsecureKeyAccess.toRawKeyBytes());
                    tree.ring.leaves().keep(leaf, key);
                    return key;
                });
    }

    /** What an address is hashed as. */
    public static byte[] canonical(String text) {
        return Framed.of("lookup").and(text.getBytes(StandardCharsets.UTF_8)).bytes();
    }

    private static byte[] aad(TenantId tenant, SubjectId subject) {
        return Framed.of("subject").and(tenant.value()).and(subject.value()).bytes();
    }
}
