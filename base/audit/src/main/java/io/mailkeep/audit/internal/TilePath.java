package io.mailkeep.audit.internal;

/** Where tiles and entry bundles lie (C2SP tlog-tiles). */
public final class TilePath {
    /** How many hashes or entries a full one holds. */
    public static final int WIDTH = 256;

    private TilePath() {}

    /** The hash tile of this level and index, with this many hashes. */
    public static String tile(int level, long index, int width) {
        return "tile/" + level + "/" + number(index) + partial(width);
    }

    /** The entry bundle of this index, with this many entries. */
    public static String bundle(long index, int width) {
        return "tile/entries/" + number(index) + partial(width);
    }

    /** How many of a level's hashes a tile holds in a tree of this size; 0 if there is none. */
    public static int width(int level, long index, long size) {
        int shift = 8 * level;
        long hashes = shift >= Long.SIZE ? 0 : size >>> shift;
        return Math.clamp(hashes - index * WIDTH, 0, WIDTH);
    }

    private static String partial(int width) {
        return width == WIDTH ? "" : ".p/" + width;
    }

    private static String number(long index) {
        StringBuilder path = new StringBuilder(three(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x" + three(rest % 1000) + "/");
        }
        return path.toString();
    }

    private static String three(long number) {
        String digits = Long.toString(number);
        return "0".repeat(3 - digits.length()) + digits;
    }
}
