package io.mailkeep.segments.internal;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment's file: a number that orders the segments of a volume, and the id that rows
 * refer to.
 */
public record SegmentName(long sequence, UUID id) {
    private static final Pattern FORM = Pattern.compile("(\\d{10})-([0-9a-f-]{36})\\.seg");

    /** The segment whose records this file name says it holds. */
    public static Optional<SegmentName> parse(String fileName) {
        Matcher matcher = FORM.matcher(fileName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        UUID id = UUID.fromString(matcher.group(2));
        return id.toString().equals(matcher.group(2))
                ? Optional.of(new SegmentName(Long.parseLong(matcher.group(1)), id))
                : Optional.empty();
    }

    /** The records. */
    public Path file(Path folder) {
        return folder.resolve(stem() + ".seg");
    }

    /** How many bytes of the records count, once nothing is appended any more. */
    public Path endMark(Path folder) {
        return folder.resolve(stem() + ".end");
    }

    /** Which records no row refers to. */
    public Path deadMarks(Path folder) {
        return folder.resolve(stem() + ".dead");
    }

    private String stem() {
        String digits = Long.toString(sequence);
        return "0".repeat(Math.max(0, 10 - digits.length())) + digits + "-" + id;
    }
}
