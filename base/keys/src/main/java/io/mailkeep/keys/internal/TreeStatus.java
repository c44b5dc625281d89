package io.mailkeep.keys.internal;

import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.KeysStatus;
import io.mailkeep.keys.TreeStore.State;
import io.mailkeep.keys.TreeStore.TombRow;
import io.mailkeep.keys.TreeStore.Tx;
import io.mailkeep.keys.internal.KeyFolder.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts for people; opens no key, so that it answers while sealed, too. */
public final class TreeStatus {
    private final KeyTree tree;

    public TreeStatus(KeyTree tree) {
        this.tree = tree;
    }

    /** How the tree stands. */
    public KeysStatus read() {
        List<KeysStatus.Folder> folders =
                tree.device.look().stream().map(TreeStatus::folder).toList();
        return tree.store.transact(tx -> {
            Map<String, Long> levels = new TreeMap<>();
            Map<String, Long> leaves = new TreeMap<>();
            Map<Long, Long> waiting = new TreeMap<>();
            for (TenantId tenant : tx.tenants()) {
                count(tx, tenant, levels, leaves, waiting);
            }
            Optional<State> state = tx.state();
            List<KeysStatus.Pending> pending = new ArrayList<>();
            waiting.forEach((epoch, count) ->
                    pending.add(new KeysStatus.Pending(epoch, count, epoch == 0 ? 2 : 1)));
            return new KeysStatus(tree.ring.state(), state, folders, levels, leaves, pending);
        });
    }

    private static void count(
            Tx tx,
            TenantId tenant,
            Map<String, Long> levels,
            Map<String, Long> leaves,
            Map<Long, Long> waiting) {
        tx.countNodes(tenant).forEach((kind, n) -> levels.merge(name(kind), n, Long::sum));
        tx.countLeaves(tenant).forEach((kind, n) -> leaves.merge(name(kind), n, Long::sum));
        tx.tombs(tenant, 1).forEach(_ -> waiting.merge(0L, 1L, Long::sum));
        for (TombRow tomb : tx.tombs(tenant, 2)) {
            waiting.merge(tomb.epoch(), 1L, Long::sum);
        }
    }

    private static String name(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static KeysStatus.Folder folder(KeyFolder folder) {
        boolean well = folder.standing == Standing.GOOD && folder.damaged.isEmpty();
        return new KeysStatus.Folder(
                folder.role,
                folder.path.toString(),
                List.copyOf(folder.numbers),
                folder.mark,
                well ? "" : Device.tell(folder));
    }
}
