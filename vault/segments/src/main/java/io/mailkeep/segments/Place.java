package io.mailkeep.segments;

import java.util.UUID;

/**
 * Where a record begins.
 *
 * @param segment the segment file's id
 * @param position in that file, bytes
 */
public record Place(UUID segment, long position) {}
