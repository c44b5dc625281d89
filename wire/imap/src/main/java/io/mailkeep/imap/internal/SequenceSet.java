package io.mailkeep.imap.internal;

import io.mailkeep.kernel.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of message numbers or UIDs as a client wrote it (RFC 9051 9, sequence-set). Never
 * enumerated: {@code 1:4294967295} costs one range ({@code ATK-50}).
 *
 * @param ranges in the client's order; {@link #STAR} stands for {@code *}
 * @param saved the marker {@code $}: the result of the last SEARCH that saved one (RFC 5182)
 */
@Claim("ATK-50")
public record SequenceSet(List<Range> ranges, boolean saved) {
    /** Stands for {@code *}. */
    public static final long STAR = Long.MAX_VALUE;

    private static final long MOST = 0xFFFF_FFFFL;

    /** Both ends included; after {@link #merged}, {@code from <= to}. */
    public record Range(long from, long to) {}

    public SequenceSet {
        ranges = List.copyOf(ranges);
    }

    /** Reads one, of at most this many elements. */
    public static SequenceSet parse(Tokens tokens, int most) {
        if (tokens.take('$')) {
            return new SequenceSet(List.of(), true);
        }
        List<Range> ranges = new ArrayList<>();
        do {
            long from = one(tokens);
            long to = tokens.take(':') ? one(tokens) : from;
            ranges.add(new Range(from, to));
            if (ranges.size() > most) {
                throw new BadCommand("Too many elements in a sequence set; split the command");
            }
        } while (tokens.take(','));
        return new SequenceSet(ranges, false);
    }

    private static long one(Tokens tokens) {
        return tokens.take('*') ? STAR : tokens.numberFromOne(MOST);
    }

    /** Whether {@code *} occurs. */
    public boolean hasStar() {
        return ranges.stream().anyMatch(range -> range.from() == STAR || range.to() == STAR);
    }

    /** The largest number that is written down; 0 if there is only {@code *}. */
    public long largest() {
        return ranges.stream()
                .flatMap(range -> java.util.stream.Stream.of(range.from(), range.to()))
                .filter(end -> end != STAR)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** Ascending ranges that don't touch, with {@code *} replaced. */
    public List<Range> merged(long star) {
        List<Range> sorted = new ArrayList<>();
        for (Range range : ranges) {
            long from = range.from() == STAR ? star : range.from();
            long to = range.to() == STAR ? star : range.to();
            sorted.add(new Range(Math.min(from, to), Math.max(from, to)));
        }
        sorted.sort(Comparator.comparingLong(Range::from));
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            Range last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && range.from() <= last.to() + 1) {
                merged.set(
                        merged.size() - 1, new Range(last.from(), Math.max(last.to(), range.to())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /** The shortest text for ascending numbers; {@code ""} for none. */
    public static String text(long[] ascending) {
        StringBuilder text = new StringBuilder();
        int start = 0;
        while (start < ascending.length) {
            int last = start;
            while (last + 1 < ascending.length && ascending[last + 1] == ascending[last] + 1) {
                last++;
            }
            text.append(text.isEmpty() ? "" : ",").append(ascending[start]);
            if (last > start) {
                text.append(':').append(ascending[last]);
            }
            start = last + 1;
        }
        return text.toString();
    }

    /** Text for numbers whose order matters (COPYUID): only runs that ascend are drawn together. */
    public static String orderedText(List<Long> numbers) {
        return text(numbers.stream().mapToLong(Long::longValue).toArray());
    }
}
