package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The report as bars (SVG 1.1): a card a figure, a bar a server, a thin line from the least to the
 * most round, and what became of the goal. Text alone, since what draws charts in Java wants fonts
 * that servers don't have.
 */
final class Picture {
    private static final int CARD = 560;
    private static final int GAP = 16;
    private static final int PADDING = 16;
    private static final int HEAD = 40;
    private static final int LINE = 20;
    private static final int BAR = 12;
    private static final int NAMES = 176;
    private static final int FIGURES = 64;
    private static final String STYLE =
            """
            svg { font-family: Inter, system-ui, "Segoe UI", sans-serif; font-size: 11px;
              font-variant-numeric: tabular-nums; }
            .canvas { fill: #f1f5f6 } .card { fill: #ffffff; stroke: #dce4e4 }
            text { fill: #3c4a4f } .title { fill: #172428; font-size: 13px; font-weight: 550 }
            .ours { fill: #006971 } .peer { fill: #7f8c8f } .spread { stroke: #172428 }
            .met { fill: #007171; font-weight: 550 } .missed { fill: #a01819; font-weight: 550 }
            @media (prefers-color-scheme: dark) {
              .canvas { fill: #0d1214 } .card { fill: #161c1f; stroke: #283134 }
              text { fill: #b6c0c2 } .title { fill: #e5ebec }
              .ours { fill: #5dbcc1 } .peer { fill: #667479 } .spread { stroke: #e5ebec }
              .met { fill: #74d8d2 } .missed { fill: #f07c70 }
            }
            """;

    private final Report report;
    private final StringBuilder svg = new StringBuilder();
    private final int[] heights = {GAP, GAP};

    private Picture(Report report) {
        this.report = report;
    }

    /** Draws it. */
    static void of(Report report, Path file) throws IOException {
        Picture picture = new Picture(report);
        report.rows().forEach(picture::card);
        int width = 2 * CARD + 3 * GAP;
        int height = Math.max(picture.heights[0], picture.heights[1]);
        String about =
                "Mailkeep's figures beside those of other servers: %d figures, each with a bar a server."
                        .formatted(report.rows().size());
        Files.writeString(
                file,
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img" aria-label="%s">
                <style>
                %s</style>
                <rect class="canvas" width="100%%" height="100%%"/>
                %s</svg>
                """
                        .formatted(width, height, about, STYLE, picture.svg));
    }

    /** Puts the next card where there is more room. */
    private void card(Report.Row row, Map<String, Report.Cell> cells) {
        int column = heights[0] <= heights[1] ? 0 : 1;
        int left = GAP + column * (CARD + GAP);
        int top = heights[column];
        int goals = report.verdicts(row).size();
        int height = HEAD + (cells.size() + goals) * LINE + PADDING - 4;
        svg.append(
                "<rect class=\"card\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"12\"/>\n"
                        .formatted(left, top, CARD, height));
        int right = left + CARD - PADDING;
        String better = row.moreIsBetter() ? "more is better" : "less is better";
        text("title", left + PADDING, top + 24, "start", row.figure());
        text("", right, top + 24, "end", row.unit() + ", " + better);
        double most =
                cells.values().stream()
                        .flatMap(cell -> cell.rounds().stream())
                        .mapToDouble(it -> it)
                        .max()
                        .orElse(1);
        int y = top + HEAD;
        for (Map.Entry<String, Report.Cell> cell : cells.entrySet()) {
            bar(left + PADDING, y, cell.getKey(), cell.getValue(), most == 0 ? 1 : most);
            y += LINE;
        }
        for (Report.Verdict verdict : report.verdicts(row)) {
            String word =
                    verdict.met()
                            ? "✓ reached"
                            : String.format(
                                    Locale.ROOT, "✕ missed, %.0f %% of it", verdict.part() * 100);
            text(
                    verdict.met() ? "met" : "missed",
                    left + PADDING + NAMES,
                    y + BAR,
                    "start",
                    word + ": goal " + verdict.goal().text());
            y += LINE;
        }
        heights[column] += height + GAP;
    }

    private void bar(int left, int y, String subject, Report.Cell cell, double most) {
        boolean ours = subject.equals(Report.OURS);
        int start = left + NAMES;
        double scale = (CARD - 2.0 * PADDING - NAMES - FIGURES) / most;
        double end = start + cell.median() * scale;
        Sample rounds = Sample.of(cell.rounds().stream().mapToDouble(it -> it).toArray());
        text(ours ? "title" : "", left, y + BAR - 2, "start", subject);
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
                        ours ? "ours" : "peer",
                        start,
                        y,
                        end - start,
                        BAR));
        double far = start + rounds.most() * scale;
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
                        start + rounds.least() * scale,
                        far,
                        y + BAR / 2,
                        y + BAR / 2));
        text("", (int) far + 6, y + BAR - 2, "start", Report.number(cell.median()));
    }

    private void text(String style, int x, int y, String anchor, String what) {
        String escaped = what.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(
                "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
                        .formatted(style, x, y, anchor, escaped));
    }
}
