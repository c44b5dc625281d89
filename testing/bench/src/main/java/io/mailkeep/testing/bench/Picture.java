package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The report as bars (SVG 1.1): a group a figure, a bar a server, longest what is most. Text alone,
 * since what draws charts in Java wants fonts that servers don't have.
 */
final class Picture {
    private static final int WIDTH = 880;
    private static final int NAMES = 250;
    private static final int BAR = 16;
    private static final int GAP = 6;
    private static final int TITLE = 26;
    private static final int FIGURES = 110;

    private final StringBuilder svg = new StringBuilder();
    private int y = GAP;

    private Picture() {}

    /** Draws it. */
    static void of(Report report, Path file) throws IOException {
        Picture picture = new Picture();
        report.rows().forEach(picture::group);
        Files.writeString(
                file,
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %s</svg>
                """
                        .formatted(WIDTH, picture.y + GAP, picture.svg));
    }

    private void group(Report.Row row, Map<String, Report.Cell> cells) {
        y += TITLE;
        String better = row.moreIsBetter() ? "more is better" : "less is better";
        text(GAP, "start\" font-weight=\"bold", row.figure() + ", " + row.unit() + ": " + better);
        y += GAP;
        double most = cells.values().stream().mapToDouble(Report.Cell::median).max().orElse(1);
        cells.forEach((subject, cell) -> {
            double length = cell.median() / most * (WIDTH - NAMES - FIGURES);
            svg.append(
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n"
                            .formatted(
                                    NAMES,
                                    y,
                                    length,
                                    BAR - 3,
                                    subject.equals("Mailkeep") ? "#1f5f8b" : "#b8c4ce"));
            y += BAR - 5;
            text(NAMES - GAP, "end", subject);
            text((int) (NAMES + length) + GAP, "start", Report.number(cell.median()));
            y += 5 + 3;
        });
    }

    private void text(int x, String anchor, String what) {
        String escaped = what.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
                        .formatted(x, y, anchor, escaped));
    }
}
