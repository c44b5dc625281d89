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
    /** What the report calls us. */
    static final String OURS = "Mailkeep";

    /** A row of the table. */
    record Row(String figure, String unit, boolean moreIsBetter) {}

    /** All rounds of one server in one row. */
    record Cell(List<Double> rounds) {
        double median() {
            return sample().median();
        }

        /** From the least to the most, as a part of the median. */
        double spread() {
            Sample sample = sample();
            return sample.median() == 0 ? 0 : (sample.most() - sample.least()) / sample.median();
        }

        private Sample sample() {
            return Sample.of(rounds.stream().mapToDouble(it -> it).toArray());
        }
    }

    /**
     * What became of a goal.
     *
     * @param reached as the goal counts: times better, or the figure itself
     * @param part of the goal that is reached; 1 and more: all
     */
    record Verdict(Goal goal, double reached, double part) {
        boolean met() {
            return part >= 1;
        }
    }

    /** What wasn't measured. */
    record Lost(String what, String subject, String why) {}

    private final Map<Row, Map<String, Cell>> table = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();
    private final List<Lost> losses = new ArrayList<>();

    /** These are to be reached. */
    void aim(List<Goal> more) {
        goals.addAll(more);
    }

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

    /** This can't be measured at this server. */
    void lose(String what, String subject, String why) {
        losses.add(new Lost(what, subject, why));
    }

    /** Whether that was said. */
    boolean isLost(String what, String subject) {
        return losses.stream()
                .anyMatch(one -> one.what().equals(what) && one.subject().equals(subject));
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

    /** What became of the goals of a row, as far as what they compare was measured. */
    List<Verdict> verdicts(Row row) {
        return goals.stream()
                .filter(goal -> goal.figure().equals(row.figure()))
                .flatMap(goal -> verdict(row, goal).stream())
                .toList();
    }

    private Optional<Verdict> verdict(Row row, Goal goal) {
        Map<String, Cell> cells = Objects.requireNonNull(table.get(row));
        return switch (goal) {
            case Goal.Factor(_, Peer peer, double factor) ->
                    cells.keySet().stream()
                            .filter(peer::is)
                            .flatMap(subject -> factor(row, subject).stream())
                            .min(Comparator.naturalOrder())
                            .map(least -> new Verdict(goal, least, least / factor));
            case Goal.Limit(_, double most) ->
                    Optional.ofNullable(cells.get(OURS))
                            .map(Cell::median)
                            .map(ours -> new Verdict(goal, ours, ours == 0 ? 1 : most / ours));
        };
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
        });
        text.append("\nGoals\n");
        table.keySet().stream()
                .flatMap(row -> verdicts(row).stream())
                .forEach(one -> text.append(line(one)));
        open().forEach(goal ->
                text.append("  %-8s %-46s %s\n".formatted("open", goal.figure(), goal.text())));
        if (!losses.isEmpty()) {
            text.append("\nNot measured\n");
        }
        losses.forEach(one ->
                text.append("  %s, %s: %s\n".formatted(one.subject(), one.what(), one.why())));
        return text.toString();
    }

    private static String line(Verdict one) {
        String far =
                one.met() ? "" : String.format(Locale.ROOT, ", %.0f %% of it", one.part() * 100);
        return "  %-8s %-46s %s: %s%s\n"
                .formatted(
                        one.met() ? "reached" : "missed",
                        one.goal().figure(),
                        one.goal().text(),
                        number(one.reached()) + (one.goal() instanceof Goal.Factor ? "x" : ""),
                        far);
    }

    /** Goals about which this run says nothing. */
    private List<Goal> open() {
        return goals.stream()
                .filter(goal ->
                        table.keySet().stream()
                                .flatMap(row -> verdicts(row).stream())
                                .noneMatch(verdict -> verdict.goal().equals(goal)))
                .toList();
    }

    /**
     * For programs.
     *
     * @param divided how many times fewer messages than the figures are meant for
     */
    void json(Path file, int rounds, int divided) throws IOException {
        ObjectNode all = JsonMapper.shared().createObjectNode();
        all.put("processors", Runtime.getRuntime().availableProcessors());
        all.put("rounds", rounds);
        all.put("dividedBy", divided);
        ArrayNode rows = all.putArray("rows");
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
                ArrayNode each = server.putArray("rounds");
                cell.rounds().forEach(each::add);
                if (!subject.equals(OURS)) {
                    factor(row, subject).ifPresent(it -> server.put("mailkeepIsBetterBy", it));
                }
            });
            ArrayNode reached = one.putArray("goals");
            verdicts(row)
                    .forEach(verdict ->
                            reached.addObject()
                                    .put("goal", verdict.goal().text())
                                    .put("reached", verdict.reached())
                                    .put("met", verdict.met()));
        });
        ArrayNode missing = all.putArray("notMeasured");
        losses.forEach(one ->
                missing.addObject()
                        .put("what", one.what())
                        .put("server", one.subject())
                        .put("why", one.why()));
        Files.writeString(file, all.toPrettyString());
    }

    /** Three digits that count. */
    static String number(double amount) {
        if (amount >= 100) {
            return String.format(Locale.ROOT, "%,.0f", amount);
        }
        return String.format(Locale.ROOT, amount >= 10 ? "%.1f" : "%.2f", amount);
    }
}
