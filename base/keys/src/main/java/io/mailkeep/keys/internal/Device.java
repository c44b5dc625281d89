package io.mailkeep.keys.internal;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.TreeStore.State;
import io.mailkeep.keys.internal.KeyFolder.Numbered;
import io.mailkeep.keys.internal.KeyFolder.Standing;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The registered key folders together. Each write goes to every folder at hand, one after the
 * other, synced; folders are read anew each time, since one may have been unplugged.
 *
 * <p>A third folder, off-site, joins {@link #paths} with backup; it obeys the same order.
 */
public final class Device {
    private final Map<String, Path> paths = new LinkedHashMap<>();
    private final InstallationId installation;
    private final Randomness randomness;
    private final Steps steps;

    public Device(Path a, Path b, InstallationId installation, Randomness randomness, Steps steps) {
        if (a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("the two key folders are the same folder");
        }
        paths.put("a", a);
        paths.put("b", b);
        this.installation = installation;
        this.randomness = randomness;
        this.steps = steps;
    }

    /** The names of the registered folders. */
    Set<String> roles() {
        return paths.keySet();
    }

    /** Every folder as it stands now; one that was declared lost and came back is told as stale. */
    synchronized List<KeyFolder> look() {
        List<KeyFolder> found = new ArrayList<>();
        paths.forEach((role, path) -> found.add(KeyFolder.look(role, path, installation)));
        Map<String, UUID> registered = registered(found);
        for (KeyFolder folder : found) {
            UUID expected = registered.get(folder.role);
            if (folder.standing == Standing.GOOD
                    && expected != null
                    && !folder.id.equals(Optional.of(expected))) {
                folder.standing = Standing.STALE;
            }
        }
        return found;
    }

    static List<KeyFolder> good(List<KeyFolder> folders) {
        return folders.stream().filter(folder -> folder.standing == Standing.GOOD).toList();
    }

    /** A sentence on the first folder that isn't at hand; empty if all are. */
    Optional<String> unreachable() {
        return look().stream()
                .filter(folder -> folder.standing != Standing.GOOD || !folder.damaged.isEmpty())
                .findFirst()
                .map(Device::tell);
    }

    /** How a folder stands, as a sentence. */
    static String tell(KeyFolder folder) {
        String which = "Key folder " + folder.role + " (" + folder.path + ") ";
        return switch (folder.standing) {
            case GOOD ->
                    folder.damaged.isEmpty()
                            ? which + "is well."
                            : which
                                    + "has damaged files: "
                                    + String.join(", ", folder.damaged)
                                    + ".";
            case MISSING -> which + "isn't there, or is empty.";
            case FOREIGN -> which + "belongs to another installation.";
            case SWAPPED -> which + "holds the other key folder: the two were swapped.";
            case DAMAGED -> which + "has no readable identity file.";
            case STALE -> which + "was declared lost; what it holds is out of date.";
        };
    }

    /** Makes the first keys, in every folder; goes on with those that a crash left unmarked. */
    synchronized Epoch create(List<KeyFolder> found) {
        Optional<Epoch> begun =
                good(found).stream()
                        .flatMap(folder -> folder.epochs.values().stream())
                        .max(Comparator.comparingLong(Epoch::number));
        Epoch first =
                begun.orElseGet(() ->
                        new Epoch(
                                1,
                                new KeyId(randomness.uuid()),
                                randomness.bytes(Sealing.KEY_BYTES),
                                randomness.bytes(Sealing.KEY_BYTES)));
        Map<String, UUID> ids = new TreeMap<>();
        for (KeyFolder folder : found) {
            ids.put(folder.role, folder.id.orElseGet(randomness::uuid));
        }
        byte[] registry = registryContent(1, ids);
        for (KeyFolder folder : found) {
            KeyFile.makeFolder(folder.path);
            UUID id = ids.getOrDefault(folder.role, randomness.uuid());
            write(folder, "identity", KeyFolder.identity(installation, id, folder.role));
            write(folder, "registry", registry);
            write(folder, "root.key", KeyFolder.rootContent(Map.of(first.rootId(), first.root())));
            write(folder, epochName(first.number()), KeyFolder.epochContent(first));
        }
        return first;
    }

    /** Puts an epoch's keys, and its root, into every folder; durable on return. */
    synchronized void put(Epoch epoch) {
        for (KeyFolder folder : good(look())) {
            Map<KeyId, byte[]> roots = folder.roots();
            if (roots.putIfAbsent(epoch.rootId(), epoch.root()) == null) {
                write(folder, "root.key", KeyFolder.rootContent(roots));
            }
            write(folder, epochName(epoch.number()), KeyFolder.epochContent(epoch));
        }
    }

    /** Marks an epoch as committed. */
    synchronized void mark(long number) {
        for (KeyFolder folder : good(look())) {
            if (folder.mark < number) {
                mark(folder, number);
            }
        }
    }

    private void mark(KeyFolder folder, long number) {
        write(folder, "mark", ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** Erases the keys of every epoch before the one in force but the second kept one. */
    synchronized void eraseBefore(State state) {
        for (KeyFolder folder : good(look())) {
            TreeSet<Long> gone = new TreeSet<>(folder.numbers.headSet(state.epoch()));
            gone.remove(state.other());
            for (long number : gone) {
                KeyFile.erase(folder.path.resolve(epochName(number)));
                steps.durable(folder.role + ": erase " + epochName(number));
                folder.epochs.remove(number);
            }
            if (!gone.isEmpty()) {
                write(folder, "root.key", KeyFolder.rootContent(folder.roots()));
            }
        }
    }

    /** The oldest epoch key that any folder holds; empty while a folder isn't at hand. */
    synchronized OptionalLong oldest() {
        List<KeyFolder> found = look();
        if (good(found).size() < found.size()) {
            return OptionalLong.empty();
        }
        return found.stream().flatMap(f -> f.numbers.stream()).mapToLong(n -> n).min();
    }

    /** The highest epoch number in any folder. */
    synchronized long highest() {
        return look().stream()
                .flatMap(folder -> folder.numbers.stream())
                .mapToLong(number -> number)
                .max()
                .orElse(-1);
    }

    /** Copies the keys to the folders that lack them; the source is the one furthest on. */
    synchronized void sync(long epoch) {
        List<KeyFolder> found = look();
        KeyFolder source =
                good(found).stream()
                        .filter(folder -> folder.epochs.containsKey(epoch))
                        .max(Comparator.comparingLong(folder -> folder.mark))
                        .orElseThrow(() -> new IllegalStateException("no folder has this epoch"));
        Map<String, Numbered> latest = latest(good(found));
        Map<String, UUID> registered = registered(found);
        for (KeyFolder folder : found) {
            if (folder.standing == Standing.STALE) {
                overwriteStale(folder, registered.getOrDefault(folder.role, randomness.uuid()));
            }
            if (folder.standing == Standing.GOOD) {
                copy(source, folder, latest, epoch);
            }
        }
    }

    private void copy(
            KeyFolder source, KeyFolder folder, Map<String, Numbered> latest, long epoch) {
        // The checkpoint comes before the keys: a folder that could open a database without knowing
        // how far the audit log was would not notice that the database went back.
        latest.forEach((name, value) -> {
            Numbered there = folder.named.get(name);
            if (there == null || there.number() < value.number()) {
                write(folder, name, numbered(value));
            }
        });
        Map<KeyId, byte[]> roots = folder.roots();
        roots.putAll(source.roots());
        boolean sameRoots = folder.roots().keySet().equals(roots.keySet());
        if (!sameRoots || folder.damaged.contains("root.key")) {
            write(folder, "root.key", KeyFolder.rootContent(roots));
        }
        for (Epoch one : source.epochs.values()) {
            Epoch there = folder.epochs.get(one.number());
            if (there == null || !Arrays.equals(there.key(), one.key())) {
                write(folder, epochName(one.number()), KeyFolder.epochContent(one));
            }
        }
        long mark = Math.max(Math.max(source.mark, folder.mark), epoch);
        if (folder.mark < mark) {
            mark(folder, mark);
        }
        if (folder.registry.isEmpty() && source.registry.isPresent()) {
            write(folder, "registry", numbered(source.registry.get()));
        }
    }

    /** A folder declared lost that came back: nothing of it is read, all of it is erased. */
    private void overwriteStale(KeyFolder folder, UUID id) {
        for (long number : folder.numbers) {
            KeyFile.erase(folder.path.resolve(epochName(number)));
        }
        KeyFile.erase(folder.path.resolve("root.key"));
        KeyFile.erase(folder.path.resolve("mark"));
        KeyFile.erase(folder.path.resolve("registry"));
        folder.named.keySet().forEach(name -> KeyFile.erase(folder.path.resolve(name)));
        write(folder, "identity", KeyFolder.identity(installation, id, folder.role));
        KeyFolder fresh = KeyFolder.look(folder.role, folder.path, installation);
        folder.epochs.clear();
        folder.numbers.clear();
        folder.named.clear();
        folder.registry = Optional.empty();
        folder.mark = -1;
        folder.damaged.clear();
        folder.id = fresh.id;
        folder.standing = fresh.standing;
    }

    /** Registers a fresh folder in a lost one's place, and fills it. */
    synchronized void replace(String role, long epoch) {
        List<KeyFolder> found = look();
        KeyFolder lost = found.stream().filter(f -> f.role.equals(role)).findFirst().orElseThrow();
        Map<String, UUID> ids = registered(found);
        UUID id = randomness.uuid();
        ids.put(role, id);
        byte[] registry = registryContent(registryNumber(found) + 1, ids);
        for (KeyFolder folder : good(found)) {
            if (folder != lost) {
                write(folder, "registry", registry);
            }
        }
        KeyFile.makeFolder(lost.path);
        overwriteStale(lost, id);
        write(lost, "registry", registry);
        sync(epoch);
    }

    /** Stores a named value, durable in every folder at hand on return. */
    public synchronized void store(String name, byte[] value) {
        List<KeyFolder> folders = good(look());
        if (folders.isEmpty()) {
            throw new Unavailable(
                    Problem.temporary(
                            "The key folders of this server aren't at hand.",
                            "no key folder can be written"));
        }
        long number = 1 + latest(folders).getOrDefault(name, new Numbered(0, value)).number();
        for (KeyFolder folder : folders) {
            write(folder, name, numbered(new Numbered(number, value)));
        }
    }

    /** A named value, the latest of any folder. */
    public synchronized Optional<byte[]> load(String name) {
        return Optional.ofNullable(latest(good(look())).get(name)).map(Numbered::value);
    }

    /** A named secret. */
    public Optional<Secret> loadSecret(String name) {
        return load(name).map(Secret::owning);
    }

    private void write(KeyFolder folder, String name, byte[] content) {
        KeyFile.write(folder.path.resolve(name), name, content);
        steps.durable(folder.role + ": write " + name);
    }

    private static String epochName(long number) {
        return "epoch-" + number + ".key";
    }

    private static Map<String, Numbered> latest(List<KeyFolder> folders) {
        Map<String, Numbered> latest = new TreeMap<>();
        for (KeyFolder folder : folders) {
            folder.named.forEach((name, value) ->
                    latest.merge(
                            name, value, (one, two) -> one.number() >= two.number() ? one : two));
        }
        return latest;
    }

    private static byte[] numbered(Numbered value) {
        return ByteBuffer.allocate(Long.BYTES + value.value().length)
                .putLong(value.number())
                .put(value.value())
                .array();
    }

    private static byte[] registryContent(long number, Map<String, UUID> ids) {
        String text =
                String.join(
                        "\n",
                        ids.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
        return numbered(
                new Numbered(number, text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static long registryNumber(List<KeyFolder> folders) {
        return folders.stream()
                .flatMap(folder -> folder.registry.stream())
                .mapToLong(Numbered::number)
                .max()
                .orElse(0);
    }

    private static Map<String, UUID> registered(List<KeyFolder> folders) {
        Map<String, UUID> ids = new TreeMap<>();
        folders.stream()
                .filter(folder -> folder.standing == Standing.GOOD)
                .flatMap(folder -> folder.registry.stream())
                .max(Comparator.comparingLong(Numbered::number))
                .ifPresent(latest ->
                        new String(latest.value(), java.nio.charset.StandardCharsets.UTF_8)
                                .lines()
                                .map(line -> line.split(" ", 2))
                                .forEach(pair -> ids.put(pair[0], UUID.fromString(pair[1]))));
        return ids;
    }
}
