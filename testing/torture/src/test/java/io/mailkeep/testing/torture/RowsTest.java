package io.mailkeep.testing.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailkeep.kernel.Claim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows, each with its usual rounds: on demand, since together they take most of an hour. */
@Claim({
    "FLT-01", "FLT-02", "FLT-03", "FLT-04", "FLT-05", "FLT-10", "FLT-12", "FLT-15", "FLT-17",
    "FLT-18", "FLT-20", "FLT-21", "FLT-29", "FLT-31", "FLT-36", "FLT-39", "FLT-40"
})
class RowsTest {
    private static final String WANTED = System.getProperty("mailkeep.torture.rows", "");
    private static final String LAUNCHER = System.getProperty("mailkeep.launcher", "");

    @TempDir Path temp;

    static List<Row> rows() {
        return Torture.ROWS;
    }

    @Test
    void eachRowHasAnIdOfItsOwn() {
        assertThat(rows())
                .extracting(Row::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("FLT-\\d\\d"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void nothingIsLost(Row row) throws Exception {
        assumeTrue(
                !WANTED.isEmpty() && row.id().matches(WANTED),
                "on demand: -Dmailkeep.torture.rows=" + row.id());
        long seed = Long.getLong("mailkeep.seed", System.nanoTime() % 1_000_000_000);
        System.out.println(row.id() + ": -Dmailkeep.seed=" + seed);
        Stage stage = new Stage(LAUNCHER, temp);
        try (Scene scene = stage.scene(row.id(), seed, Extent.USUAL)) {
            row.run(scene);
            scene.finish();
        }
    }
}
