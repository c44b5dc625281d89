package io.mailkeep.segments;

/**
 * The limits of a spool.
 *
 * @param memoryEach bytes of one body that are kept in memory
 * @param memoryTotal bytes of all bodies that are kept in memory; beyond it they go to files early
 * @param fileTotal bytes of all spool files together
 */
public record SpoolLimits(int memoryEach, long memoryTotal, long fileTotal) {
    /** 256 KiB, 32 MiB, 8 GiB. */
    public static SpoolLimits standard() {
        return new SpoolLimits(256 << 10, 32L << 20, 8L << 30);
    }
}
