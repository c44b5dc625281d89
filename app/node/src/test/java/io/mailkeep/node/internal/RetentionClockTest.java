package io.mailkeep.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.SimTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Claim("FLT-29")
class RetentionClockTest {
    private static final Duration KEPT = Duration.ofDays(30);

    @TempDir Path folder;

    private final SimTime time = new SimTime();

    private RetentionClock started() throws IOException {
        return new RetentionClock(folder.resolve("retention-clock"), KEPT, time);
    }

    private void days(RetentionClock clock, int days) throws IOException {
        for (int quarter = 0; quarter < 4 * 24 * days; quarter++) {
            time.advance(Duration.ofMinutes(15));
            clock.observe();
        }
    }

    private void assertKept(RetentionClock clock, Instant before) {
        assertThat(clock.before()).isCloseTo(before, within(2, ChronoUnit.SECONDS));
    }

    @Test
    void bothClocksRunOn() throws IOException {
        RetentionClock clock = started();
        days(clock, 29);
        assertThat(clock.before()).isEqualTo(Instant.EPOCH);
        days(clock, 11);
        assertKept(clock, time.instant().minus(KEPT));
    }

    @Test
    void aClockSetAheadMakesNothingOld() throws IOException {
        RetentionClock clock = started();
        days(clock, 40);
        Instant honest = time.instant();
        time.setWall(honest.plus(Duration.ofDays(3_650)));
        assertKept(clock, honest.minus(KEPT));
        days(clock, 10);
        assertKept(clock, honest.minus(KEPT).plus(Duration.ofDays(10)));
        time.setWall(honest.plus(Duration.ofDays(10)));
        days(clock, 40);
        assertKept(clock, time.instant().minus(KEPT));
    }

    @Test
    void nobodyIsAskedWhatTimeItIsWhileTheClockStandsInTheFutureAtStart() throws IOException {
        RetentionClock clock = started();
        days(clock, 40);
        Instant honest = time.instant();
        time.setWall(honest.plus(Duration.ofDays(3_650)));
        RetentionClock again = started();
        assertKept(again, honest.minus(KEPT));
        days(again, 1);
        assertKept(again, honest.minus(KEPT).plus(Duration.ofDays(1)));
    }

    /** What was expunged while it was 2016 isn't old because it is 2026 again. */
    @Test
    void aClockThatStoodInThePastMakesNothingOldWhenItIsMended() throws IOException {
        RetentionClock clock = started();
        days(clock, 40);
        Instant past = time.instant().minus(Duration.ofDays(3_650));
        Instant honest = time.instant();
        time.setWall(past);
        RetentionClock inThePast = started();
        days(inThePast, 1);
        time.setWall(honest.plus(Duration.ofDays(1)));
        RetentionClock mended = started();
        days(mended, 1);
        assertThat(mended.before()).isBeforeOrEqualTo(past);
        days(mended, 40);
        assertKept(mended, time.instant().minus(KEPT));
    }

    @Test
    void whatDoesntRunKeeps() throws IOException {
        RetentionClock clock = started();
        days(clock, 20);
        time.advance(Duration.ofDays(100));
        RetentionClock again = started();
        days(again, 5);
        assertThat(again.before()).isEqualTo(Instant.EPOCH);
        days(again, 10);
        assertThat(again.before()).isBefore(time.instant().minus(KEPT).minus(Duration.ofDays(99)));
        days(again, 30);
        assertKept(again, time.instant().minus(KEPT));
    }

    @Test
    void aFileThatIsNoneBeginsAnew() throws IOException {
        days(started(), 40);
        Files.writeString(folder.resolve("retention-clock"), "mailkeep retention clock 1\nx y\n");
        time.advance(Duration.ofDays(3_650));
        RetentionClock clock = started();
        assertThat(clock.before()).isEqualTo(Instant.EPOCH);
        days(clock, 31);
        assertKept(clock, time.instant().minus(KEPT));
    }

    @Test
    void theFileDoesntGrow() throws IOException {
        RetentionClock clock = started();
        days(clock, 90);
        assertThat(Files.readAllLines(folder.resolve("retention-clock")))
                .hasSizeBetween(719, 725)
                .first()
                .isEqualTo("mailkeep retention clock 1");
    }

    @Test
    void whatIsKeptForNoTimeIsOldAtOnce() throws IOException {
        time.advance(Duration.ofMinutes(1));
        RetentionClock clock =
                new RetentionClock(folder.resolve("retention-clock"), Duration.ZERO, time);
        time.advance(Duration.ofMinutes(1));
        assertKept(clock, time.instant());
    }
}
