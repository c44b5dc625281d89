package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.audit.internal.TilePath;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Checks copies of the log from their files and the public key alone: every hash is computed again
 * from the entries, nothing is believed but the signature ({@code DAT-6}).
 *
 * <p>Invariants: the checkpoint is signed by the log's key; every entry hashes to its place in the
 * tiles; the tiles hash to the checkpoint's root; both copies hold the same entries; no copy is
 * shorter than the other, or than the remembered checkpoint. Reads as a stream, in little memory.
 *
 * <p>Not protected: entries after the newest checkpoint that the verifier knows of, and a key
 * holder who signs another log; hence the remembered checkpoint lies apart from both copies.
 */
@Claim({"DAT-6", "ATK-111", "ATK-112"})
public final class LogVerifier {
    private LogVerifier() {}

    /**
     * What a check found.
     *
     * @param sound whether everything holds
     * @param size how many entries the longest intact copy holds
     * @param firstBad the first entry that isn't what it was; empty if sound, or if no entry can be
     *     named
     * @param sentences what is wrong, a sentence each
     */
    public record Verdict(
            boolean sound, long size, Optional<Long> firstBad, List<String> sentences) {}

    /** What is known of one copy. */
    record Copy(
            String name,
            LogFolder folder,
            Optional<Checkpoint> checkpoint,
            Optional<Long> bad,
            Optional<String> sentence) {
        boolean intact() {
            return sentence.isEmpty();
        }

        long size() {
            return checkpoint.map(Checkpoint::size).orElse(0L);
        }
    }

    /**
     * Checks one or both copies in full.
     *
     * @param verifierKey the log's public key as a C2SP verifier key, best from where no writer of
     *     the copies can change it
     * @param remembered the checkpoint that the key device remembers, if at hand
     */
    public static Verdict verify(
            List<Path> copies, String verifierKey, Optional<String> remembered, Time time) {
        return verifyFolders(
                copies.stream().map(LogFolder::new).toList(), verifierKey, remembered, time);
    }

    static Verdict verifyFolders(
            List<LogFolder> folders, String verifierKey, Optional<String> remembered, Time time) {
        Note.Verifier verifier = Note.Verifier.parse(verifierKey);
        List<Optional<Checkpoint>> checkpoints = settled(folders, verifier, time);
        List<Copy> checked = new ArrayList<>();
        for (int i = 0; i < folders.size(); i++) {
            checked.add(check(folders.get(i), checkpoints.get(i), 0));
        }
        return compare(checked, remembered, verifier);
    }

    /**
     * The checkpoints that are checked, all of one moment: a running node writes one copy a moment
     * before the other, so that is waited for, and the log may go on while it is read.
     */
    private static List<Optional<Checkpoint>> settled(
            List<LogFolder> folders, Note.Verifier verifier, Time time) {
        List<Optional<Checkpoint>> found = checkpoints(folders, verifier);
        try {
            for (int tries = 0; tries < 10 && !level(found); tries++) {
                time.sleep(Duration.ofMillis(50));
                found = checkpoints(folders, verifier);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    private static List<Optional<Checkpoint>> checkpoints(
            List<LogFolder> folders, Note.Verifier verifier) {
        return folders.stream().map(folder -> signed(folder, verifier)).toList();
    }

    private static boolean level(List<Optional<Checkpoint>> found) {
        return found.stream().map(it -> it.map(Checkpoint::size)).distinct().count() <= 1;
    }

    private static Optional<Checkpoint> signed(LogFolder folder, Note.Verifier verifier) {
        try {
            return folder.checkpoint().flatMap(note -> Note.checkpoint(note, verifier));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Checks a copy by itself, its entries from {@code from} on. */
    static Copy check(LogFolder folder, Note.Verifier verifier, long from) {
        return check(folder, signed(folder, verifier), from);
    }

    private static Copy check(LogFolder folder, Optional<Checkpoint> checkpoint, long from) {
        String name = folder.path().toString();
        if (checkpoint.isEmpty()) {
            return new Copy(
                    name,
                    folder,
                    checkpoint,
                    Optional.empty(),
                    Optional.of(name + " has no checkpoint signed by this log's key."));
        }
        try {
            return new Scan(name, folder, checkpoint.get()).run(from);
        } catch (IOException | RuntimeException unreadable) {
            return new Copy(
                    name,
                    folder,
                    checkpoint,
                    Optional.empty(),
                    Optional.of(name + " can't be read: " + unreadable.getMessage() + "."));
        }
    }

    private record Scan(String name, LogFolder folder, Checkpoint checkpoint) {
        Copy run(long from) throws IOException {
            long size = checkpoint.size();
            long first = Math.min(from, size) / TilePath.WIDTH;
            Frontier tree =
                    first == 0
                            ? Frontier.empty()
                            : Frontier.load(folder, first * TilePath.WIDTH, size);
            for (long bundle = first; bundle * TilePath.WIDTH < size; bundle++) {
                LogFolder.Bundle read = folder.bundle(bundle, size);
                Optional<List<byte[]>> hashes = tile(bundle, size);
                for (int at = 0; at < read.entries().size() && hashes.isPresent(); at++) {
                    if (!Arrays.equals(Merkle.leaf(read.entries().get(at)), hashes.get().get(at))) {
                        return bad(bundle * TilePath.WIDTH + at, "isn't what was published");
                    }
                }
                if (!read.whole()) {
                    return bad(
                            bundle * TilePath.WIDTH + read.entries().size(),
                            "is missing, or something was put in its place");
                }
                if (hashes.isEmpty()) {
                    return bad(bundle * TilePath.WIDTH, "has no hash any more: its tile is cut");
                }
                tree = tree.append(read.entries()).next();
            }
            Optional<Copy> parted = upper(first, size);
            if (parted.isPresent()) {
                return parted.get();
            }
            boolean sound = checkpoint.sameAs(tree.size(), tree.root());
            return new Copy(
                    name,
                    folder,
                    Optional.of(checkpoint),
                    Optional.empty(),
                    sound
                            ? Optional.empty()
                            : Optional.of(
                                    name
                                            + " was changed together with its tiles: its "
                                            + size
                                            + " entries don't hash to the signed checkpoint."));
        }

        private Optional<List<byte[]>> tile(long bundle, long size) {
            try {
                return Optional.of(folder.tile(0, bundle, size));
            } catch (IOException cut) {
                return Optional.empty();
            }
        }

        /** Entries and lowest tiles agree: where do the tiles above say something else? */
        private Optional<Copy> upper(long first, long size) throws IOException {
            for (int level = 1; 8 * level < Long.SIZE && size >>> (8 * level) > 0; level++) {
                long below = size >>> (8 * (level - 1));
                for (long tile = first >>> (8 * (level - 1));
                        (tile + 1) * TilePath.WIDTH <= below;
                        tile++) {
                    byte[] head = Merkle.head(folder.tile(level - 1, tile, size));
                    List<byte[]> above = folder.tile(level, tile / TilePath.WIDTH, size);
                    if (!Arrays.equals(head, above.get((int) (tile % TilePath.WIDTH)))) {
                        return Optional.of(
                                bad(
                                        tile << (8 * level),
                                        "or one of those after it isn't what was published, or the"
                                                + " tile above them isn't"));
                    }
                }
            }
            return Optional.empty();
        }

        private Copy bad(long index, String what) {
            return new Copy(
                    name,
                    folder,
                    Optional.of(checkpoint),
                    Optional.of(index),
                    Optional.of(name + ": entry " + index + " " + what + "."));
        }
    }

    /** Holds the copies against each other and against what is remembered. */
    static Verdict compare(List<Copy> copies, Optional<String> remembered, Note.Verifier verifier) {
        List<String> sentences = new ArrayList<>();
        Optional<Long> first = Optional.empty();
        Optional<Copy> best =
                copies.stream()
                        .filter(Copy::intact)
                        .max(java.util.Comparator.comparingLong(Copy::size));
        for (Copy copy : copies) {
            Optional<Long> bad = copy.bad();
            if (!copy.intact()) {
                sentences.add(copy.sentence().orElseThrow());
                if (best.isPresent()) {
                    bad = difference(copy, best.get()).or(copy::bad);
                    bad.filter(at -> !copy.bad().equals(Optional.of(at)))
                            .ifPresent(at ->
                                    sentences.add(
                                            copy.name()
                                                    + ": entry "
                                                    + at
                                                    + " differs from the other copy."));
                }
            } else if (best.isPresent() && !copy.equals(best.get())) {
                bad = against(copy, best.get(), sentences);
            }
            first = earlier(first, bad);
        }
        long size = best.map(Copy::size).orElse(0L);
        if (remembered.isPresent()) {
            first = earlier(first, recall(remembered.get(), best, verifier, sentences));
        }
        return new Verdict(sentences.isEmpty(), size, first, List.copyOf(sentences));
    }

    private static Optional<Long> against(Copy copy, Copy longer, List<String> sentences) {
        Optional<Long> parted = prefix(copy, longer) ? Optional.empty() : difference(copy, longer);
        if (parted.isPresent()) {
            sentences.add(
                    "The copies are two different logs from entry "
                            + parted.get()
                            + " on, both signed (fork).");
            return parted;
        }
        if (copy.size() < longer.size()) {
            sentences.add(
                    copy.name()
                            + ": entry "
                            + copy.size()
                            + " and all after it are missing; the other copy holds "
                            + longer.size()
                            + ". It was rolled back, or was set aside and hasn't caught up.");
            return Optional.of(copy.size());
        }
        return Optional.empty();
    }

    /** Whether the shorter copy's tree is the beginning of the longer one's. */
    static boolean prefix(Copy copy, Copy longer) {
        try {
            byte[] root = Frontier.load(longer.folder(), copy.size(), longer.size()).root();
            return Arrays.equals(root, copy.checkpoint().orElseThrow().root());
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Optional<Long> recall(
            String note, Optional<Copy> best, Note.Verifier verifier, List<String> sentences) {
        Optional<Checkpoint> known = Note.checkpoint(note, verifier);
        if (known.isEmpty()) {
            sentences.add("The remembered checkpoint isn't signed by this log's key.");
            return Optional.empty();
        }
        if (best.isEmpty()) {
            return Optional.empty();
        }
        long size = best.get().size();
        if (size < known.get().size()) {
            sentences.add(
                    "Entry "
                            + size
                            + " and all after it are missing from every copy: the key device"
                            + " remembers "
                            + known.get().size()
                            + " entries. The log was rolled back.");
            return Optional.of(size);
        }
        try {
            byte[] root = Frontier.load(best.get().folder(), known.get().size(), size).root();
            if (Arrays.equals(root, known.get().root())) {
                return Optional.empty();
            }
        } catch (IOException unreadable) {
            sentences.add(best.get().name() + " can't be read: " + unreadable.getMessage() + ".");
            return Optional.empty();
        }
        sentences.add(
                "The first "
                        + known.get().size()
                        + " entries aren't those that the key device remembers (fork).");
        return Optional.empty();
    }

    private static Optional<Long> difference(Copy copy, Copy other) {
        long common = Math.min(copy.size(), other.size());
        try {
            for (long bundle = 0; bundle * TilePath.WIDTH < common; bundle++) {
                List<byte[]> one = copy.folder().bundle(bundle, copy.size()).entries();
                List<byte[]> two = other.folder().bundle(bundle, other.size()).entries();
                long left = common - bundle * TilePath.WIDTH;
                for (int at = 0; at < Math.min(left, TilePath.WIDTH); at++) {
                    if (at >= one.size()
                            || at >= two.size()
                            || !Arrays.equals(one.get(at), two.get(at))) {
                        return Optional.of(bundle * TilePath.WIDTH + at);
                    }
                }
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Long> earlier(Optional<Long> one, Optional<Long> two) {
        if (one.isEmpty() || two.isEmpty()) {
            return one.or(() -> two);
        }
        return Optional.of(Math.min(one.get(), two.get()));
    }
}
