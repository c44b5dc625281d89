package io.mailkeep.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A message made from a seed, which knows where its parts are because it put them there. */
final class Generated {
    /** Where one part was written. */
    record Place(
            String type, long headerStart, long bodyStart, long bodyEnd, List<Place> children) {}

    private final RandomGenerator random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final String lineBreak;
    private int boundaries;

    Generated(RandomGenerator random) {
        this.random = random;
        this.lineBreak = random.nextInt(4) == 0 ? "\n" : "\r\n";
    }

    Place message(int depth) {
        long start = out.size();
        line("From: Ann <ann@example.test>");
        line("Subject: canary " + random.nextInt());
        return part(start, depth);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private Place part(long start, int depth) {
        return switch (depth <= 0 ? 0 : random.nextInt(4)) {
            case 1, 2 -> multipart(start, depth);
            case 3 -> held(start, depth);
            default -> text(start);
        };
    }

    private Place text(long start) {
        line("Content-Type: text/plain;");
        line("\tcharset=utf-8");
        line("");
        long body = out.size();
        int lines = random.nextInt(4);
        for (int i = 0; i < lines; i++) {
            line(
                    switch (random.nextInt(4)) {
                        case 0 -> "";
                        case 1 -> "--not-a-boundary";
                        case 2 -> "- --b1 dash";
                        default -> "word ".repeat(random.nextInt(40));
                    });
        }
        raw(random.nextBoolean() ? "" : "the last line");
        return new Place("text/plain", start, body, out.size(), List.of());
    }

    private Place held(long start, int depth) {
        line("Content-Type: message/rfc822");
        line("");
        long body = out.size();
        Place root = message(depth - 1);
        return new Place("message/rfc822", start, body, out.size(), List.of(root));
    }

    private Place multipart(long start, int depth) {
        // b1 is a beginning of b11: each counts for itself
        String boundary = "b" + "1".repeat(++boundaries);
        line("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"");
        line("");
        long body = out.size();
        if (random.nextBoolean()) {
            line("preamble");
        }
        List<Place> children = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            if (i > 0 || out.size() > body || random.nextBoolean()) {
                raw(i > 0 ? lineBreak : "");
            }
            raw("--" + boundary + (random.nextInt(3) == 0 ? " \t" : ""));
            raw(lineBreak);
            children.add(part(out.size(), depth - 1));
        }
        raw(lineBreak + "--" + boundary + "--");
        if (random.nextBoolean()) {
            raw(lineBreak + "epilogue");
        }
        return new Place("multipart/mixed", start, body, out.size(), children);
    }

    private void line(String text) {
        raw(text + lineBreak);
    }

    private void raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
