package io.mailkeep.keys.internal;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One key folder as it was found: {@code identity}, {@code registry}, {@code root.key}, {@code
 * epoch-N.key}, {@code mark}, and named values. Reading changes nothing; a file that isn't whole is
 * told by name and not used.
 */
final class KeyFolder {
    private static final Pattern EPOCH = Pattern.compile("epoch-([0-9]{1,18})\\.key");
    private static final Pattern NAMED = Pattern.compile("([a-z][a-z-]{0,40})\\.(key|value)");
    private static final int UUID_BYTES = 16;

    /** How a folder was found. */
    enum Standing {
        /** Ours; what it holds can be used. */
        GOOD,
        /** No folder at this path, or an empty one: perhaps a device that isn't mounted. */
        MISSING,
        /** Another installation's. */
        FOREIGN,
        /** Ours, but another folder's. */
        SWAPPED,
        /** It has files, but no whole identity. */
        DAMAGED,
        /** Ours, but it was declared lost and another one took its place. */
        STALE
    }

    /** A value with the number of its writing: of two folders the later one counts. */
    record Numbered(long number, byte[] value) {}

    final String role;
    final Path path;
    Standing standing = Standing.MISSING;
    Optional<UUID> id = Optional.empty();
    Optional<Numbered> registry = Optional.empty();
    final TreeMap<Long, Epoch> epochs = new TreeMap<>();
    final TreeSet<Long> numbers = new TreeSet<>();
    final Map<String, Numbered> named = new TreeMap<>();
    final List<String> damaged = new ArrayList<>();
    long mark = -1;

    private KeyFolder(String role, Path path) {
        this.role = role;
        this.path = path;
    }

    static KeyFolder look(String role, Path path, InstallationId installation) {
        KeyFolder folder = new KeyFolder(role, path);
        List<String> names = names(path);
        if (names.stream().allMatch(name -> name.endsWith(".new"))) {
            return folder;
        }
        Optional<byte[]> identity = KeyFile.read(path.resolve("identity"), "identity");
        if (identity.isEmpty() || identity.get().length < 2 * UUID_BYTES) {
            folder.standing = Standing.DAMAGED;
            return folder;
        }
        ByteBuffer fields = ByteBuffer.wrap(identity.get());
        UUID owner = uuid(fields);
        folder.id = Optional.of(uuid(fields));
        byte[] label = new byte[fields.remaining()];
        fields.get(label);
        if (!owner.equals(installation.value())) {
            folder.standing = Standing.FOREIGN;
        } else if (!role.equals(new String(label, java.nio.charset.StandardCharsets.UTF_8))) {
            folder.standing = Standing.SWAPPED;
        } else {
            folder.standing = Standing.GOOD;
            folder.read(names);
        }
        return folder;
    }

    static byte[] identity(InstallationId installation, UUID folder, String role) {
        byte[] label = role.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * UUID_BYTES + label.length)
                .putLong(installation.value().getMostSignificantBits())
                .putLong(installation.value().getLeastSignificantBits())
                .putLong(folder.getMostSignificantBits())
                .putLong(folder.getLeastSignificantBits())
                .put(label)
                .array();
    }

    /** The content of {@code epoch-N.key}; the root it names lies in {@code root.key}. */
    static byte[] epochContent(Epoch epoch) {
        return ByteBuffer.allocate(UUID_BYTES + epoch.key().length)
                .putLong(epoch.rootId().value().getMostSignificantBits())
                .putLong(epoch.rootId().value().getLeastSignificantBits())
                .put(epoch.key())
                .array();
    }

    /** The content of {@code root.key}: the roots that the kept epochs name. */
    static byte[] rootContent(Map<KeyId, byte[]> roots) {
        ByteBuffer out = ByteBuffer.allocate(roots.size() * (UUID_BYTES + Sealing.KEY_BYTES));
        roots.forEach((id, key) ->
                out.putLong(id.value().getMostSignificantBits())
                        .putLong(id.value().getLeastSignificantBits())
                        .put(key));
        return out.array();
    }

    /** The roots that the epochs here name. */
    Map<KeyId, byte[]> roots() {
        Map<KeyId, byte[]> roots = new TreeMap<>(java.util.Comparator.comparing(KeyId::value));
        epochs.values().forEach(epoch -> roots.put(epoch.rootId(), epoch.root()));
        return roots;
    }

    private void read(List<String> names) {
        Map<KeyId, byte[]> roots = new TreeMap<>(java.util.Comparator.comparing(KeyId::value));
        if (names.contains("root.key")) {
            readRoots(roots);
        }
        for (String name : names) {
            Matcher epoch = EPOCH.matcher(name);
            Matcher other = NAMED.matcher(name);
            if (epoch.matches()) {
                readEpoch(name, Long.parseLong(epoch.group(1)), roots);
            } else if (name.equals("mark")) {
                content(name, Long.BYTES)
                        .ifPresent(bytes -> mark = ByteBuffer.wrap(bytes).getLong());
            } else if (name.equals("registry")) {
                registry = numbered(name);
            } else if (other.matches() && !name.equals("root.key")) {
                numbered(name).ifPresent(value -> named.put(name, value));
            }
        }
    }

    private void readRoots(Map<KeyId, byte[]> roots) {
        Optional<byte[]> content = KeyFile.read(path.resolve("root.key"), "root.key");
        if (content.isEmpty() || content.get().length % (UUID_BYTES + Sealing.KEY_BYTES) != 0) {
            damaged.add("root.key");
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(content.get());
        while (fields.hasRemaining()) {
            KeyId id = new KeyId(uuid(fields));
            byte[] key = new byte[Sealing.KEY_BYTES];
            fields.get(key);
            roots.put(id, key);
        }
    }

    private void readEpoch(String name, long number, Map<KeyId, byte[]> roots) {
        numbers.add(number);
        Optional<byte[]> content = content(name, UUID_BYTES + Sealing.KEY_BYTES);
        if (content.isEmpty()) {
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(content.get());
        KeyId rootId = new KeyId(uuid(fields));
        byte[] key = new byte[Sealing.KEY_BYTES];
        fields.get(key);
        byte[] root = roots.get(rootId);
        if (root == null) {
            damaged.add(name + " (its root is missing)");
            return;
        }
        epochs.put(number, new Epoch(number, rootId, root.clone(), key));
    }

    private Optional<Numbered> numbered(String name) {
        return KeyFile.read(path.resolve(name), name)
                .filter(bytes -> bytes.length >= Long.BYTES)
                .map(bytes ->
                        new Numbered(
                                ByteBuffer.wrap(bytes).getLong(),
                                java.util.Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)))
                .or(() -> {
                    damaged.add(name);
                    return Optional.empty();
                });
    }

    private Optional<byte[]> content(String name, int length) {
        Optional<byte[]> content =
                KeyFile.read(path.resolve(name), name).filter(bytes -> bytes.length == length);
        if (content.isEmpty()) {
            damaged.add(name);
        }
        return content;
    }

    private static UUID uuid(ByteBuffer fields) {
        return new UUID(fields.getLong(), fields.getLong());
    }

    private static List<String> names(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException unreadable) {
            return List.of("unreadable");
        }
    }
}
