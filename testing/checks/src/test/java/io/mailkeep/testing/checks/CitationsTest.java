package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What code cites exists, and a test cites it too: standards by number, claims by their catalogue,
 * attacks and faults by their numbers. The tables stand in {@code target/citations.md}.
 */
class CitationsTest {
    private static final Pattern IDS =
            Pattern.compile("\\b(CMP|DAT|ACC|OPS|FAC|NET|ATK|FLT)-(\\d{1,3})\\b");

    /** Of several numbers each counts. */
    private static final Pattern STANDARDS =
            Pattern.compile("\\bRFC (\\d{3,5}(?:(?:, |/)\\d{4,5}\\b)*)");

    /** Where a comment goes on in the next line. */
    private static final Pattern NEXT_LINE = Pattern.compile("\\R\\s*(\\*|//)\\s");

    /** The highest number of each series. */
    private static final Map<String, Integer> SERIES =
            Map.of(
                    "CMP", 5, "DAT", 6, "ACC", 4, "OPS", 6, "FAC", 3, "NET", 5, "ATK", 145, "FLT",
                    45);

    /** What code cites that no test can hold yet, and why. */
    private static final Map<String, String> WITHOUT_TEST =
            Map.of(
                    "ATK-45", "the order of the classes is there, nothing lowers a class yet",
                    "CMP-5", "the events' names are there, companies don't sign up or leave yet",
                    "RFC 6761", "only the name of the probe's domain");

    /** By what is cited, in the order of people: the sources that cite it. */
    private static final Map<String, Set<String>> CODE = new TreeMap<>(inOrder());

    private static final Map<String, Set<String>> TESTS = new TreeMap<>(inOrder());

    @BeforeAll
    static void read() throws IOException {
        for (Path source : House.sources("main")) {
            cited(source, CODE);
        }
        for (Path source : House.sources("test")) {
            if (!source.endsWith("CitationsTest.java")) {
                cited(source, TESTS);
            }
        }
        Path tables = House.root().resolve("testing/checks/target/citations.md");
        Files.writeString(tables, table("Standard", true) + "\n" + table("Promise", false));
    }

    @Test
    void everyCitedIdExists() {
        Set<String> all = new TreeSet<>(CODE.keySet());
        all.addAll(TESTS.keySet());
        assertThat(all).as("what is cited at all").hasSizeGreaterThan(100);
        assertThat(all).allMatch(CitationsTest::exists);
    }

    @Test
    void whatCodeCitesATestCitesToo() {
        Set<String> untested = new TreeSet<>(CODE.keySet());
        untested.removeAll(TESTS.keySet());
        assertThat(untested).isEqualTo(new TreeSet<>(WITHOUT_TEST.keySet()));
    }

    private static boolean exists(String citation) {
        String series = citation.substring(0, 3);
        int number = Integer.parseInt(citation.substring(4));
        return number > 0 && number <= SERIES.getOrDefault(series, 9999);
    }

    private static void cited(Path source, Map<String, Set<String>> citations) throws IOException {
        String text = NEXT_LINE.matcher(Files.readString(source)).replaceAll(" ");
        String name = source.getFileName().toString().replace(".java", "");
        Stream<String> ids = IDS.matcher(text).results().map(MatchResult::group);
        Stream<String> standards =
                STANDARDS
                        .matcher(text)
                        .results()
                        .flatMap(found -> Stream.of(found.group(1).split("\\D+")))
                        .map(number -> "RFC " + number);
        Stream.concat(ids, standards)
                .forEach(citation ->
                        citations.computeIfAbsent(citation, _ -> new TreeSet<>()).add(name));
    }

    private static Comparator<String> inOrder() {
        return Comparator.<String, String>comparing(citation -> citation.substring(0, 3))
                .thenComparing(citation -> Integer.valueOf(citation.substring(4)));
    }

    /** Citation → classes → tests, a line each. */
    private static String table(String title, boolean standards) {
        Set<String> rows = new TreeSet<>(inOrder());
        rows.addAll(CODE.keySet());
        rows.addAll(TESTS.keySet());
        StringBuilder table = new StringBuilder();
        table.append("| ").append(title).append(" | Classes | Tests |\n|---|---|---|\n");
        for (String row : rows) {
            if (row.startsWith("RFC ") == standards) {
                table.append("| ").append(row);
                table.append(" | ").append(String.join(", ", CODE.getOrDefault(row, Set.of())));
                table.append(" | ").append(tests(row)).append(" |\n");
            }
        }
        return table.toString();
    }

    private static String tests(String citation) {
        return TESTS.containsKey(citation)
                ? String.join(", ", TESTS.get(citation))
                : "none: " + WITHOUT_TEST.getOrDefault(citation, "to be written");
    }
}
