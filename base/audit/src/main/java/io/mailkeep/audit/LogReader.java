package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.audit.internal.TileHashes;
import io.mailkeep.audit.internal.TilePath;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one copy of the log, as far as its signed checkpoint goes; what it returns hashes to the
 * tiles. Personal fields are opened where the subject's key allows it. Needs no running node.
 */
public final class LogReader {
    private final LogFolder folder;
    private final Note.Verifier verifier;
    private final SubjectCipher subjects;
    private final JsonFactory json = new JsonFactory();

    /**
     * @param verifierKey the log's public key, a C2SP verifier key
     */
    public LogReader(Path copy, String verifierKey, SubjectCipher subjects) {
        this.folder = new LogFolder(copy);
        this.verifier = Note.Verifier.parse(verifierKey);
        this.subjects = subjects;
    }

    /** How many entries are published. */
    public long size() {
        return checkpoint().size();
    }

    /** The newest entries, oldest of them first. */
    public List<LoggedEntry> tail(int entries) {
        List<LoggedEntry> tail = new ArrayList<>();
        long size = size();
        read(Math.max(0, size - entries), size, one -> true, tail::add);
        return tail;
    }

    /** The entry at this place. */
    public Optional<LoggedEntry> show(long index) {
        List<LoggedEntry> found = new ArrayList<>();
        long size = size();
        if (index >= 0 && index < size) {
            read(index, index + 1, one -> true, found::add);
        }
        return found.stream().findFirst();
    }

    /** The entry with this id; reads from the newest back. */
    public Optional<LoggedEntry> show(UUID id) {
        List<LoggedEntry> found = new ArrayList<>();
        long size = size();
        for (long to = size; to > 0 && found.isEmpty(); to = (to - 1) / 256 * 256) {
            read((to - 1) / 256 * 256, to, one -> one.id().equals(id), found::add);
        }
        return found.stream().findFirst();
    }

    /** Hands over every entry from this place on that is wanted, one at a time. */
    public void stream(long from, Predicate<LoggedEntry> wanted, Consumer<LoggedEntry> to) {
        read(Math.max(0, from), size(), wanted, to);
    }

    /** A proof that anyone can check offline that the entry is in the log (C2SP tlog-proof). */
    public String proof(long index) {
        Checkpoint tree = checkpoint();
        TileHashes hashes = new TileHashes(folder, tree.size());
        StringBuilder proof = new StringBuilder("c2sp.org/tlog-proof@v1\nindex " + index + "\n");
        for (byte[] hash : MerkleProof.inclusion(index, tree.size(), hashes::subtree)) {
            proof.append(Base64.getEncoder().encodeToString(hash)).append('\n');
        }
        return proof.append('\n').append(note()).toString();
    }

    private Checkpoint checkpoint() {
        return Note.checkpoint(note(), verifier)
                .orElseThrow(() ->
                        new AuditRefused(
                                folder.path() + " has no checkpoint signed by this log's key."));
    }

    private String note() {
        try {
            return folder.checkpoint().orElse("");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void read(
            long from, long to, Predicate<LoggedEntry> wanted, Consumer<LoggedEntry> target) {
        long size = size();
        try {
            for (long bundle = from / TilePath.WIDTH; bundle * TilePath.WIDTH < to; bundle++) {
                List<byte[]> entries = folder.bundle(bundle, size).require();
                List<byte[]> hashes = folder.tile(0, bundle, size);
                for (int at = 0; at < entries.size(); at++) {
                    long index = bundle * TilePath.WIDTH + at;
                    if (index < from || index >= to) {
                        continue;
                    }
                    if (!Arrays.equals(Merkle.leaf(entries.get(at)), hashes.get(at))) {
                        throw new AuditRefused(
                                "Entry " + index + " isn't what was published. See audit verify.");
                    }
                    LoggedEntry entry = entry(index, entries.get(at));
                    if (wanted.test(entry)) {
                        target.accept(entry);
                    }
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What a published entry says; {@link AuditRefused} if it isn't of a known form. */
    LoggedEntry entry(long index, byte[] bytes) {
        Map<String, String> plain = new LinkedHashMap<>();
        Map<String, String> facts = new LinkedHashMap<>();
        Map<String, String> personal = new LinkedHashMap<>();
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), bytes)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                switch (in.nextToken()) {
                    case START_OBJECT -> facts.putAll(object(in));
                    case START_ARRAY -> {
                        while (in.nextToken() == JsonToken.START_OBJECT) {
                            Map<String, String> one = object(in);
                            personal.put(
                                    one.getOrDefault("field", ""),
                                    opened(plain.getOrDefault("tenant", ""), one));
                        }
                    }
                    default -> plain.put(name, in.getString());
                }
            }
            return new LoggedEntry(
                    index,
                    UUID.fromString(plain.getOrDefault("id", "")),
                    plain.getOrDefault("at", ""),
                    plain.getOrDefault("type", ""),
                    plain.getOrDefault("tenant", ""),
                    plain.getOrDefault("actor", ""),
                    plain.getOrDefault("decision", ""),
                    plain.getOrDefault("object", ""),
                    java.util.Collections.unmodifiableMap(facts),
                    java.util.Collections.unmodifiableMap(personal));
        } catch (JacksonException | IllegalArgumentException foreign) {
            throw new AuditRefused("Entry " + index + " isn't of a form this version knows.");
        }
    }

    private static Map<String, String> object(JsonParser in) {
        Map<String, String> fields = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = in.currentName();
            in.nextToken();
            fields.put(name, in.getString());
        }
        return fields;
    }

    private String opened(String tenant, Map<String, String> one) {
        Optional<String> sealed = Optional.ofNullable(one.get("sealed"));
        if (sealed.isEmpty()) {
            return "[withheld]";
        }
        return subjects.open(
                        TenantId.parse(tenant),
                        new SubjectId(UUID.fromString(one.getOrDefault("subject", ""))),
                        Base64.getDecoder().decode(sealed.get()))
                .map(clear -> new String(clear, StandardCharsets.UTF_8))
                .orElse("[sealed]");
    }
}
