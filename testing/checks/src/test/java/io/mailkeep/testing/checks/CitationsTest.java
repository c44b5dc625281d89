package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Ids that code and tests cite exist: claims by their catalogue, attacks and faults by their
 * numbers.
 */
class CitationsTest {
    private static final Pattern CITED =
            Pattern.compile("\\b(CMP|DAT|ACC|OPS|FAC|NET|ATK|FLT)-(\\d{1,3})\\b");

    /** The highest number of each series. */
    private static final Map<String, Integer> SERIES =
            Map.of(
                    "CMP", 5, "DAT", 6, "ACC", 4, "OPS", 6, "FAC", 3, "NET", 5, "ATK", 145, "FLT",
                    45);

    @Test
    void everyCitedIdExists() throws IOException {
        List<String> dangling = new ArrayList<>();
        Map<String, Integer> citations = new TreeMap<>();
        for (String kind : List.of("main", "test")) {
            for (Path source : House.sources(kind)) {
                Matcher cited = CITED.matcher(Files.readString(source));
                while (cited.find()) {
                    int number = Integer.parseInt(cited.group(2));
                    citations.merge(cited.group(), 1, Integer::sum);
                    if (number < 1 || number > SERIES.get(cited.group(1))) {
                        dangling.add(House.shown(source) + ": " + cited.group());
                    }
                }
            }
        }
        assertThat(dangling).isEmpty();
        assertThat(citations).as("ids cited at all").isNotEmpty();
    }
}
