package io.mailkeep.node.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nothing is destroyed because a clock is wrong ({@code FLT-29}): what is to be kept for a time was
 * kept so long by the wall clock, and by the time that this installation was seen running.
 *
 * <p>Marks in a file of the data directory say where the wall clock stood after how many seconds of
 * running. While nothing runs no time passes here, so after a week off things are kept a week
 * longer; so they are if the file is lost, and for what was expunged while the clock stood in the
 * future.
 */
@Claim("FLT-29")
final class RetentionClock {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionClock.class);
    private static final String FORMAT = "mailkeep retention clock 1";
    private static final Duration EVERY = Duration.ofHours(1);

    /** Further apart than this the two clocks are a mark of their own. */
    private static final Duration APART = Duration.ofSeconds(5);

    private final Path file;
    private final Duration kept;
    private final Time time;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private Duration running;
    private long seen;

    private record Mark(Duration running, Instant wall) {
        static Mark parse(String line) {
            String[] fields = line.split(" ", -1);
            return new Mark(
                    Duration.ofSeconds(Long.parseLong(fields[0])),
                    Instant.ofEpochSecond(Long.parseLong(fields[1])));
        }

        String line() {
            return running.toSeconds() + " " + wall.getEpochSecond() + "\n";
        }
    }

    /**
     * Goes on where the file ends.
     *
     * @param kept how long things are kept
     */
    RetentionClock(Path file, Duration kept, Time time) throws IOException {
        this.file = file;
        this.kept = kept;
        this.time = time;
        read();
        this.running = marks.isEmpty() ? Duration.ZERO : marks.getLast().running();
        this.seen = time.nanos();
        mark(time.instant());
    }

    /** Looks at both clocks; to be called every few seconds. */
    synchronized void observe() throws IOException {
        pass();
        Mark last = marks.getLast();
        Instant wall = time.instant();
        Duration ran = running.minus(last.running());
        Duration apart = Duration.between(last.wall(), wall).minus(ran).abs();
        if (ran.compareTo(EVERY) >= 0 || apart.compareTo(APART) > 0) {
            mark(wall);
        }
    }

    /** What is older was kept long enough by either clock. */
    synchronized Instant before() {
        pass();
        Duration start = running.minus(kept);
        forget(start);
        Mark first = marks.getFirst();
        if (first.running().compareTo(start) > 0) {
            return Instant.EPOCH;
        }
        Instant byRunning = first.wall().plus(start.minus(first.running()));
        return Stream.concat(
                        Stream.of(byRunning, time.instant().minus(kept)),
                        marks.stream().skip(1).map(Mark::wall))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private void pass() {
        long now = time.nanos();
        running = running.plusNanos(now - seen);
        seen = now;
    }

    /** Of the marks from before this the last one says where the wall clock stood then. */
    private void forget(Duration start) {
        while (marks.size() > 1 && second().running().compareTo(start) <= 0) {
            marks.removeFirst();
        }
    }

    private Mark second() {
        return marks.stream().skip(1).findFirst().orElseThrow();
    }

    private void mark(Instant wall) throws IOException {
        forget(running.minus(kept));
        marks.addLast(new Mark(running, wall));
        StringBuilder text = new StringBuilder(FORMAT + "\n");
        marks.forEach(mark -> text.append(mark.line()));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Installation.sync(fresh);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file);
        try {
            if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
                throw new NumberFormatException("no such file");
            }
            lines.stream().skip(1).map(Mark::parse).forEach(marks::addLast);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException | DateTimeException e) {
            marks.clear();
            LOG.atError()
                    .addKeyValue("file", file)
                    .log(
                            "This isn't a retention clock; it starts anew, and nothing is destroyed"
                                    + " until the time to keep things has been seen to pass.");
        }
    }
}
