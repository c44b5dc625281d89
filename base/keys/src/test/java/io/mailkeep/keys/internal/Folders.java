package io.mailkeep.keys.internal;

import io.mailkeep.kernel.InstallationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What lies in key folders, for tests that stand outside. */
public final class Folders {
    private Folders() {}

    /** The epochs in all folders that count. */
    public static List<Epoch> epochs(Device device) {
        List<Epoch> epochs = new ArrayList<>();
        Device.good(device.look()).forEach(folder -> epochs.addAll(folder.epochs.values()));
        return epochs;
    }

    /** The epochs in a folder wherever it lies. */
    public static Collection<Epoch> epochs(String role, Path path, InstallationId installation) {
        return KeyFolder.look(role, path, installation).epochs.values();
    }

    /** The first folder that doesn't count as it is. */
    public static Optional<String> bad(Device device) {
        return device.look().stream()
                .filter(folder -> folder.standing != KeyFolder.Standing.GOOD)
                .map(folder -> folder.role)
                .findFirst();
    }

    /** Whether every folder counts and holds this epoch. */
    public static boolean allHold(Device device, long epoch) {
        List<KeyFolder> found = device.look();
        return Device.good(found).size() == found.size()
                && found.stream().allMatch(folder -> folder.epochs.containsKey(epoch));
    }

    /** A node's key, as the tree opens it. */
    public static byte[] key(
            KeyTree tree,
            io.mailkeep.keys.TreeStore.Tx tx,
            io.mailkeep.keys.TreeStore.NodeRow row) {
        return tree.ring.nodes().of(tx, row);
    }

    /** Takes a folder elsewhere. */
    public static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                Files.move(from, to);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Removes a folder with all in it. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
