package io.mailkeep.audit.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** Merkle tree hashing (RFC 9162 2.1.1) with SHA-256. */
public final class Merkle {
    /** The length of every hash. */
    public static final int HASH_BYTES = 32;

    private Merkle() {}

    /** The hash of an entry. */
    public static byte[] leaf(byte[] entry) {
        MessageDigest digest = digest();
        digest.update((byte) 0);
        return digest.digest(entry);
    }

    /** The hash of two subtrees. */
    public static byte[] node(byte[] left, byte[] right) {
        MessageDigest digest = digest();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    /** The root of a tree without entries. */
    public static byte[] empty() {
        return sha256(new byte[0]);
    }

    /** The head of a tree over these hashes, at least one, as if each were a leaf's. */
    public static byte[] head(List<byte[]> hashes) {
        if (hashes.size() == 1) {
            return hashes.getFirst();
        }
        int split = Integer.highestOneBit(hashes.size() - 1);
        return node(head(hashes.subList(0, split)), head(hashes.subList(split, hashes.size())));
    }

    /** Plain SHA-256. */
    public static byte[] sha256(byte[] bytes) {
        return digest().digest(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
