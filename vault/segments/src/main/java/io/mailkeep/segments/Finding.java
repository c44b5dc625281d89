package io.mailkeep.segments;

import io.mailkeep.kernel.DataClass;

/**
 * Something that a start or the doctor saw on a volume.
 *
 * @param invariant the number of the invariant that it is about ({@link SegmentStore#doctor})
 * @param text what it is and where, for people; no content
 */
public record Finding(Severity severity, DataClass dataClass, String invariant, String text) {
    /** How bad it is. */
    public enum Severity {
        /** Expected after a crash; nothing that was acknowledged is touched. */
        NOTED,
        /** Stored bytes are wrong or gone: alarm. */
        BROKEN
    }
}
