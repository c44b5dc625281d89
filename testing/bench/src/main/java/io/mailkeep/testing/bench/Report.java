package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What all rounds measured: medians with their spread, as a table, as JSON, and against goals. */
final class Report {
    private static final String OURS = "Mailkeep";

    /** A row of the table. */
    record Row(String figure, String unit, boolean moreIsBetter) {}

    /** All rounds of one server in one row. */
    record Cell(List<Double> rounds) {
        double median() {
            List<Double> sorted = rounds.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1
                    ? sorted.get(middle)
                    : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }

        /** From the least to the most, as a part of the median. */
        double spread() {
            double least = rounds.stream().mapToDouble(it -> it).min().orElse(0);
            double most = rounds.stream().mapToDouble(it -> it).max().orElse(0);
            return median() == 0 ? 0 : (most - least) / median();
        }
    }

    private final Map<Row, Map<String, Cell>> table = new LinkedHashMap<>();

    /** Adds what one server did in one round. */
    void add(String subject, List<Value> values) {
        for (Value value : values) {
            Row row = new Row(value.figure(), value.unit(), value.moreIsBetter());
            table.computeIfAbsent(row, any -> new LinkedHashMap<>())
                    .computeIfAbsent(subject, any -> new Cell(new ArrayList<>()))
                    .rounds()
                    .add(value.amount());
        }
    }

    /** The rows with what each server reached. */
    Map<Row, Map<String, Cell>> rows() {
        return table;
    }

    /** How many times better than this peer we are; empty if one of both wasn't measured. */
    Optional<Double> factor(Row row, String peer) {
        Map<String, Cell> cells = Objects.requireNonNull(table.get(row));
        Cell ours = cells.get(OURS);
        Cell theirs = cells.get(peer);
        if (ours == null || theirs == null || ours.median() == 0 || theirs.median() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                row.moreIsBetter()
                        ? ours.median() / theirs.median()
                        : theirs.median() / ours.median());
    }

    /** For people. */
    String text() {
        StringBuilder text = new StringBuilder();
        table.forEach((row, cells) -> {
            text.append(row.figure()).append(", ").append(row.unit()).append('\n');
            cells.forEach((subject, cell) -> {
                text.append(
                        "  %-34s %12s  ±%2.0f %%"
                                .formatted(subject, number(cell.median()), cell.spread() * 50));
                if (!subject.equals(OURS)) {
                    factor(row, subject)
                            .ifPresent(it -> text.append("   Mailkeep %sx".formatted(number(it))));
                }
                text.append('\n');
            });
            reached(row).ifPresent(it -> text.append("  ").append(it).append('\n'));
        });
        return text.toString();
    }

    /** What a row says of its goal, against the best of those that the goal names. */
    private Optional<String> reached(Row row) {
        return Goal.ALL.stream()
                .filter(goal -> goal.figure().equals(row.figure()))
                .filter(goal -> goal.unit().equals(row.unit()))
                .findFirst()
                .flatMap(goal ->
                        Objects.requireNonNull(table.get(row)).keySet().stream()
                                .filter(subject -> subject.startsWith(goal.peer()))
                                .flatMap(peer -> factor(row, peer).stream())
                                .min(Comparator.naturalOrder())
                                .map(least ->
                                        "goal ≥ %sx of %s: %sx, %s"
                                                .formatted(
                                                        number(goal.factor()),
                                                        goal.peer(),
                                                        number(least),
                                                        least >= goal.factor()
                                                                ? "reached"
                                                                : "missed")));
    }

    /** For programs. */
    void json(Path file) throws IOException {
        ArrayNode rows = JsonMapper.shared().createArrayNode();
        table.forEach((row, cells) -> {
            ObjectNode one = rows.addObject();
            one.put("figure", row.figure());
            one.put("unit", row.unit());
            one.put("moreIsBetter", row.moreIsBetter());
            ArrayNode servers = one.putArray("servers");
            cells.forEach((subject, cell) -> {
                ObjectNode server = servers.addObject();
                server.put("name", subject);
                server.put("median", cell.median());
                server.put("spread", cell.spread());
                ArrayNode rounds = server.putArray("rounds");
                cell.rounds().forEach(rounds::add);
                if (!subject.equals(OURS)) {
                    factor(row, subject).ifPresent(it -> server.put("mailkeepIsBetterBy", it));
                }
            });
        });
        Files.writeString(file, rows.toPrettyString());
    }

    /** Three digits that count. */
    static String number(double amount) {
        if (amount >= 100) {
            return String.format(Locale.ROOT, "%,.0f", amount);
        }
        return String.format(Locale.ROOT, amount >= 10 ? "%.1f" : "%.2f", amount);
    }
}
