package io.mailkeep.testing.museum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A planted bug: a line that says what is wrong, the room and the test classes that should catch
 * it, and a unified diff. Line numbers of the diff don't count: what a hunk takes away, with what
 * stands around it, must be in its file exactly once.
 *
 * @param hunks of each file, relative to the root of the sources
 */
record Bug(String name, String text, String room, List<String> tests, Map<Path, List<Hunk>> hunks) {
    /** What a hunk finds and what it leaves. */
    record Hunk(String was, String becomes) {}

    static Bug read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String name = file.getFileName().toString().replace(".patch", "");
        String room = after(lines, "Room: ", name);
        List<String> tests = List.of(after(lines, "Tests: ", name).split(" "));
        Map<Path, List<Hunk>> hunks = new LinkedHashMap<>();
        Path target = Path.of("");
        StringBuilder was = new StringBuilder();
        StringBuilder becomes = new StringBuilder();
        List<String> ended = new ArrayList<>(lines);
        ended.add("@@");
        for (String line : ended) {
            if (line.startsWith("+++ b/")) {
                target = Path.of(line.substring("+++ b/".length()));
            } else if (line.startsWith("@@") || line.startsWith("--- a/")) {
                if (!was.isEmpty()) {
                    hunks.computeIfAbsent(target, _ -> new ArrayList<>())
                            .add(new Hunk(was.toString(), becomes.toString()));
                }
                was.setLength(0);
                becomes.setLength(0);
            } else if (!target.toString().isEmpty()) {
                String rest = line.isEmpty() ? "" : line.substring(1);
                if (!line.startsWith("+")) {
                    was.append(rest).append('\n');
                }
                if (!line.startsWith("-")) {
                    becomes.append(rest).append('\n');
                }
            }
        }
        if (hunks.isEmpty()) {
            throw new IOException(name + " changes nothing");
        }
        return new Bug(name, lines.getFirst(), room, tests, hunks);
    }

    private static String after(List<String> lines, String key, String name) throws IOException {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException(name + " has no line \"" + key + "\""));
    }

    /** The rooms whose code it changes. */
    Set<Path> touched() {
        return hunks.keySet().stream().map(file -> file.subpath(0, 2)).collect(Collectors.toSet());
    }

    /** The changed files below another root; fails if a hunk's place isn't there exactly once. */
    List<Path> plant(Path sources, Path into) throws IOException {
        List<Path> planted = new ArrayList<>();
        for (Map.Entry<Path, List<Hunk>> one : hunks.entrySet()) {
            String text = Files.readString(sources.resolve(one.getKey()));
            for (Hunk hunk : one.getValue()) {
                int at = text.indexOf(hunk.was());
                if (at < 0 || text.indexOf(hunk.was(), at + 1) >= 0) {
                    throw new IOException("no longer applies to " + one.getKey());
                }
                text =
                        text.substring(0, at)
                                + hunk.becomes()
                                + text.substring(at + hunk.was().length());
            }
            Path file = into.resolve(one.getKey());
            Files.createDirectories(file.getParent());
            planted.add(Files.writeString(file, text));
        }
        return planted;
    }
}
