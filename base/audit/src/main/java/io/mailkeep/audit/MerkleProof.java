package io.mailkeep.audit;

import io.mailkeep.audit.internal.Merkle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Proofs that an entry is in a tree and that a tree is the beginning of a later one (RFC 9162 2.1.3
 * and 2.1.4). Pure functions.
 */
public final class MerkleProof {
    private MerkleProof() {}

    /** The hash of the complete subtree number {@code index} over {@code 2^height} entries. */
    @FunctionalInterface
    public interface Subtrees {
        byte[] hash(int height, long index);
    }

    /** The proof that the tree of this size holds its entry {@code index} (RFC 9162 2.1.3.1). */
    public static List<byte[]> inclusion(long index, long size, Subtrees tree) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no entry " + index + " in " + size);
        }
        List<byte[]> proof = new ArrayList<>();
        path(index, 0, size, tree, proof);
        return proof;
    }

    private static void path(long index, long from, long to, Subtrees tree, List<byte[]> proof) {
        if (to - from == 1) {
            return;
        }
        long split = from + Long.highestOneBit(to - from - 1);
        if (index < split) {
            path(index, from, split, tree, proof);
            proof.add(root(split, to, tree));
        } else {
            path(index, split, to, tree, proof);
            proof.add(root(from, split, tree));
        }
    }

    /** The proof that the first {@code older} entries are unchanged (RFC 9162 2.1.4.1). */
    public static List<byte[]> consistency(long older, long size, Subtrees tree) {
        if (older <= 0 || older > size) {
            throw new IllegalArgumentException("no tree of " + older + " within " + size);
        }
        List<byte[]> proof = new ArrayList<>();
        subproof(older, 0, size, true, tree, proof);
        return proof;
    }

    private static void subproof(
            long older, long from, long to, boolean known, Subtrees tree, List<byte[]> proof) {
        if (older == to) {
            if (!known) {
                proof.add(root(from, to, tree));
            }
            return;
        }
        long split = from + Long.highestOneBit(to - from - 1);
        if (older <= split) {
            subproof(older, from, split, known, tree, proof);
            proof.add(root(split, to, tree));
        } else {
            subproof(older, split, to, false, tree, proof);
            proof.add(root(from, split, tree));
        }
    }

    /** The head of the entries from {@code from} to before {@code to} (RFC 9162 2.1.1). */
    static byte[] root(long from, long to, Subtrees tree) {
        long span = to - from;
        if (Long.bitCount(span) == 1 && from % span == 0) {
            return tree.hash(Long.numberOfTrailingZeros(span), from / span);
        }
        long split = from + Long.highestOneBit(span - 1);
        return Merkle.node(root(from, split, tree), root(split, to, tree));
    }

    /** Whether the proof shows the entry with this leaf hash in that tree (RFC 9162 2.1.3.2). */
    public static boolean included(
            byte[] leaf, long index, long size, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        byte[] hash = leaf;
        for (byte[] sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = Merkle.node(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Merkle.node(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /** Whether the proof shows that the older tree is the newer's beginning (RFC 9162 2.1.4.2). */
    public static boolean consistent(
            long older, byte[] olderRoot, long size, byte[] root, List<byte[]> proof) {
        if (older <= 0 || older > size) {
            return false;
        }
        if (older == size) {
            return proof.isEmpty() && Arrays.equals(olderRoot, root);
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(older) == 1) {
            path.addFirst(olderRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        long node = older - 1;
        long last = size - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        byte[] before = path.getFirst();
        byte[] after = path.getFirst();
        for (byte[] sibling : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                before = Merkle.node(sibling, before);
                after = Merkle.node(sibling, after);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                after = Merkle.node(after, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(before, olderRoot) && Arrays.equals(after, root);
    }
}
