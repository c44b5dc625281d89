package io.mailkeep.segments.internal;

import io.mailkeep.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The small files beside a segment: where it ends, and which records no row refers to. They are
 * files of their own because a segment that failed is never forced again.
 */
final class Marks {
    private static final String END = "mailkeep-segment-end 1";
    private static final String DEAD = "mailkeep-segment-dead 1";

    private final Disk disk;
    private final Path folder;

    Marks(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /**
     * @param length bytes that count
     * @param durable bytes before which damage can't be a torn write
     */
    record End(long length, long durable) {}

    void writeEnd(SegmentName name, End end) throws IOException {
        SmallFile.write(
                disk,
                name.endMark(folder),
                List.of(END, "length " + end.length(), "durable " + end.durable()));
    }

    /** Whether this mark is there and isn't one: what it said is found out anew. */
    boolean damaged(Path mark) throws IOException {
        return disk.exists(mark) && SmallFile.read(disk, mark).isEmpty();
    }

    /** The end mark; empty if there is none or it is damaged. */
    Optional<End> readEnd(SegmentName name) throws IOException {
        Path path = name.endMark(folder);
        if (!disk.exists(path)) {
            return Optional.empty();
        }
        Optional<List<String>> lines = SmallFile.read(disk, path);
        return lines.filter(found -> found.size() == 3 && found.getFirst().equals(END))
                .map(found -> new End(number(found.get(1)), number(found.get(2))));
    }

    void writeDead(SegmentName name, Set<Long> positions) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(DEAD);
        new TreeSet<>(positions).forEach(position -> lines.add("record " + position));
        SmallFile.write(disk, name.deadMarks(folder), lines);
    }

    /** The dead positions; none if the file is damaged: a sweep finds them again. */
    Set<Long> readDead(SegmentName name) throws IOException {
        Path path = name.deadMarks(folder);
        if (!disk.exists(path)) {
            return Set.of();
        }
        Set<Long> positions = new TreeSet<>();
        List<String> lines = SmallFile.read(disk, path).orElse(List.of());
        if (!lines.isEmpty() && lines.getFirst().equals(DEAD)) {
            lines.stream().skip(1).forEach(line -> positions.add(number(line)));
        }
        return positions;
    }

    /** Removes a segment with its marks; the records go first. */
    void remove(SegmentName name) throws IOException {
        disk.delete(name.file(folder));
        disk.forceFolder(folder);
        for (Path mark : List.of(name.endMark(folder), name.deadMarks(folder))) {
            if (disk.exists(mark)) {
                disk.delete(mark);
            }
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }
}
