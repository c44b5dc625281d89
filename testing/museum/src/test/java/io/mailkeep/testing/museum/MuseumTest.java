package io.mailkeep.testing.museum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Each planted bug is caught by some test; {@code -Dmuseum=REGEX} says which are planted. */
class MuseumTest {
    /** Cheap ones of low rooms, for every run. */
    private static final String EVERY_RUN = "^(02|04|17)-";

    @TempDir Path scratch;

    @Test
    @DisabledIfSystemProperty(named = "museum", matches = ".*")
    void threeOfThemAreCaught() throws Exception {
        assertThat(uncaught(EVERY_RUN, 3)).isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = "museum", matches = ".*")
    void theyAreCaught() throws Exception {
        assertThat(uncaught(System.getProperty("museum"), 1)).isEmpty();
    }

    /** All patches say what they are and still apply. */
    @Test
    void everyPatchApplies() throws IOException {
        Museum museum = new Museum(scratch);
        List<Bug> bugs = museum.bugs(".*");
        assertThat(bugs).hasSizeGreaterThanOrEqualTo(30);
        for (Bug bug : bugs) {
            bug.plant(Museum.root(), scratch.resolve(bug.name()));
        }
    }

    /** What can't be planted, or changes nothing, is no catch. */
    @Test
    void whatIsNoBugIsAnError() throws Exception {
        assertThat(tried("no such text\n", "")).contains("no longer applies");
        assertThat(tried("\npackage io.mailkeep.claims;\n", "\nnonsense\n"))
                .contains("doesn't compile");
        assertThat(tried("\npackage io.mailkeep.claims;\n", "\npackage io.mailkeep.claims;\n"))
                .contains("no test catches it");
    }

    private String tried(String was, String becomes) throws Exception {
        Path file = Path.of("app/claims/src/main/java/io/mailkeep/claims/package-info.java");
        Bug bug =
                new Bug(
                        "0" + becomes.length(),
                        "none",
                        "app/claims",
                        List.of("VerdictTest"),
                        Map.of(file, List.of(new Bug.Hunk(was, becomes))));
        Museum.Outcome outcome = new Museum(scratch).tryOut(bug);
        assertThat(outcome.caught()).isFalse();
        return outcome.text();
    }

    private List<String> uncaught(String regex, int atLeast) throws Exception {
        Museum museum = new Museum(scratch);
        List<Bug> bugs = museum.bugs(regex);
        assertThat(bugs).hasSizeGreaterThanOrEqualTo(atLeast);
        List<String> uncaught = new ArrayList<>();
        for (Bug bug : bugs) {
            Museum.Outcome outcome = museum.tryOut(bug);
            System.out.println(outcome.row());
            if (!outcome.caught()) {
                uncaught.add(outcome.row());
            }
        }
        return uncaught;
    }
}
