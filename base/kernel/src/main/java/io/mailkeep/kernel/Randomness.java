package io.mailkeep.kernel;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The only source of randomness in the house.
 *
 * <p>{@link #system()} is the operating system's generator and the only one that production code
 * makes; {@link #of(RandomGenerator)} exists for seeded tests.
 */
public final class Randomness {
    private final RandomGenerator source;

    private Randomness(RandomGenerator source) {
        this.source = source;
    }

    /** Cryptographically strong randomness. */
    public static Randomness system() {
        return new Randomness(new SecureRandom());
    }

    /** Randomness from this generator: for tests that replay a seed. */
    public static Randomness of(RandomGenerator source) {
        return new Randomness(source);
    }

    /** A fresh array of this many random bytes. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        source.nextBytes(bytes);
        return bytes;
    }

    /** A random (version 4) identifier. */
    public UUID uuid() {
        long high = (source.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (source.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** A uniform number from 0 to {@code bound - 1}. */
    public int below(int bound) {
        return source.nextInt(bound);
    }
}
