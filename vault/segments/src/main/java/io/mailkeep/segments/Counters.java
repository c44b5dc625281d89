package io.mailkeep.segments;

/**
 * What one volume did since it was opened.
 *
 * @param forces syncs of segment files that were asked for
 * @param folderForces syncs of the folder: one a new segment
 * @param records records that were acknowledged
 * @param bytes bytes of those records
 * @param poisoned segments given up after a write or sync error
 * @param cutTails torn tails cut when the volume was opened
 * @param broken damages found, at opening or by a reader
 */
public record Counters(
        long forces,
        long folderForces,
        long records,
        long bytes,
        long poisoned,
        long cutTails,
        long broken) {}
