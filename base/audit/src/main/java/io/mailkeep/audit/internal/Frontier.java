package io.mailkeep.audit.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a tree: all that is needed to append to it and to know its root. Never changes;
 * appending yields a plan with the edge after it. Holds at most 255 hashes a level and 255 entries.
 */
public final class Frontier {
    private static final Frontier EMPTY = new Frontier(0, List.of(), List.of());

    private final long size;
    private final List<List<byte[]>> levels;
    private final List<byte[]> entries;

    /** One file to write: where, and what. */
    public record TileFile(String path, byte[] bytes) {}

    /**
     * What an append writes.
     *
     * @param next the edge after it
     * @param files tiles and bundles in an order in which they may be written
     * @param outdated folders of partial tiles that full ones among the files stand in for
     */
    public record Plan(Frontier next, List<TileFile> files, List<String> outdated) {}

    private Frontier(long size, List<List<byte[]>> levels, List<byte[]> entries) {
        this.size = size;
        this.levels = levels;
        this.entries = entries;
    }

    /** The edge of a tree without entries. */
    public static Frontier empty() {
        return EMPTY;
    }

    /**
     * Reads the edge that the tree had at this size from a copy that holds at least that much.
     *
     * @param within the size of the copy's checkpoint
     */
    public static Frontier load(LogFolder folder, long size, long within) throws IOException {
        List<List<byte[]>> levels = new ArrayList<>();
        for (int level = 0; 8 * level < Long.SIZE && size >>> (8 * level) > 0; level++) {
            long hashes = size >>> (8 * level);
            long index = hashes / TilePath.WIDTH;
            int width = (int) (hashes % TilePath.WIDTH);
            levels.add(
                    width == 0
                            ? List.of()
                            : List.copyOf(folder.tile(level, index, within).subList(0, width)));
        }
        int open = (int) (size % TilePath.WIDTH);
        List<byte[]> entries =
                open == 0
                        ? List.of()
                        : folder.bundle(size / TilePath.WIDTH, within).require().subList(0, open);
        return new Frontier(size, levels, List.copyOf(entries));
    }

    /** How many entries the tree has. */
    public long size() {
        return size;
    }

    /** The tree's root (RFC 9162 2.1.1). */
    public byte[] root() {
        List<byte[]> peaks = new ArrayList<>();
        for (List<byte[]> level : levels.reversed()) {
            int from = 0;
            while (from < level.size()) {
                int span = Integer.highestOneBit(level.size() - from);
                peaks.add(Merkle.head(level.subList(from, from + span)));
                from += span;
            }
        }
        if (peaks.isEmpty()) {
            return Merkle.empty();
        }
        byte[] root = peaks.getLast();
        for (byte[] peak : peaks.subList(0, peaks.size() - 1).reversed()) {
            root = Merkle.node(peak, root);
        }
        return root;
    }

    /** What appending these entries writes. Costs the new entries and the edge, not the tree. */
    public Plan append(List<byte[]> more) {
        Growing growing = new Growing(this);
        more.forEach(growing::add);
        return growing.plan(size);
    }

    /** The bytes of an entry bundle: each entry after its length in 16 bits. */
    static byte[] bundle(List<byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) entry.length).array());
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    /** An append under way; its lists are its own. */
    private static final class Growing {
        private final List<List<byte[]>> levels = new ArrayList<>();
        private final List<byte[]> open;
        private final List<TileFile> files = new ArrayList<>();
        private final List<String> outdated = new ArrayList<>();
        private long size;

        Growing(Frontier from) {
            from.levels.forEach(level -> levels.add(new ArrayList<>(level)));
            open = new ArrayList<>(from.entries);
            size = from.size;
        }

        void add(byte[] entry) {
            open.add(entry);
            size++;
            if (open.size() == TilePath.WIDTH) {
                file(TilePath.bundle(size / TilePath.WIDTH - 1, TilePath.WIDTH), bundle(open));
                open.clear();
            }
            push(0, Merkle.leaf(entry));
        }

        private void push(int level, byte[] hash) {
            if (level == levels.size()) {
                levels.add(new ArrayList<>());
            }
            List<byte[]> tile = levels.get(level);
            tile.add(hash);
            if (tile.size() == TilePath.WIDTH) {
                long index = (size >>> (8 * level)) / TilePath.WIDTH - 1;
                file(TilePath.tile(level, index, TilePath.WIDTH), joined(tile));
                byte[] head = Merkle.head(tile);
                tile.clear();
                push(level + 1, head);
            }
        }

        private void file(String path, byte[] bytes) {
            files.add(new TileFile(path, bytes));
            outdated.add(path + ".p");
        }

        Plan plan(long before) {
            if (!open.isEmpty() && size != before) {
                files.add(
                        new TileFile(
                                TilePath.bundle(size / TilePath.WIDTH, open.size()), bundle(open)));
            }
            for (int level = 0; level < levels.size(); level++) {
                long hashes = size >>> (8 * level);
                if (!levels.get(level).isEmpty() && hashes != before >>> (8 * level)) {
                    files.add(
                            new TileFile(
                                    TilePath.tile(
                                            level,
                                            hashes / TilePath.WIDTH,
                                            levels.get(level).size()),
                                    joined(levels.get(level))));
                }
            }
            Frontier next =
                    new Frontier(
                            size, levels.stream().map(List::copyOf).toList(), List.copyOf(open));
            return new Plan(next, List.copyOf(files), List.copyOf(outdated));
        }

        private static byte[] joined(List<byte[]> hashes) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            hashes.forEach(out::writeBytes);
            return out.toByteArray();
        }
    }
}
