package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is set back stands on the log, within a run and across a start. */
@Claim({"DAT-6", "ATK-82"})
class ClockWatchTest {
    private final HandClock clock = new HandClock();

    @Test
    void setBackByMoreThanFiveSecondsIsToldOnce() {
        ClockWatch watch = new ClockWatch(clock, Optional.empty());
        clock.pass(Duration.ofSeconds(100));
        assertThat(watch.look()).isEmpty();
        clock.wall = clock.wall.minusSeconds(30);
        Event told = watch.look().orElseThrow();
        assertThat(told.type().id()).isEqualTo("node.clock-set-back");
        assertThat(told.facts())
                .containsEntry("behind_s", "30")
                .containsEntry("was", "2026-11-24T00:01:40Z");
        assertThat(watch.look()).isEmpty();
        clock.pass(Duration.ofSeconds(1));
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void smallStepsAddUpAndSmallCorrectionsAreNone() {
        ClockWatch watch = new ClockWatch(clock, Optional.empty());
        clock.wall = clock.wall.minusSeconds(5);
        assertThat(watch.look()).isEmpty();
        clock.wall = clock.wall.plusSeconds(5);
        assertThat(watch.look()).isEmpty();
        for (int step = 0; step < 2; step++) {
            clock.wall = clock.wall.minusSeconds(3);
            assertThat(watch.look().isPresent()).isEqualTo(step == 1);
        }
    }

    @Test
    @Claim("FLT-29")
    void aClockSetAheadIsToldOnceFollowedAndMeasuredFromThere() {
        ClockWatch watch = new ClockWatch(clock, Optional.empty());
        clock.wall = clock.wall.plusSeconds(5);
        assertThat(watch.look()).as("a small step").isEmpty();
        clock.wall = Duration.ofHours(1);
        Event told = watch.look().orElseThrow();
        assertThat(told.type().id()).isEqualTo("node.clock-set-ahead");
        assertThat(told.facts()).containsEntry("ahead_s", "3595");
        assertThat(watch.look()).isEmpty();
        clock.wall = Duration.ZERO;
        assertThat(watch.look().orElseThrow().facts()).containsEntry("behind_s", "3600");
    }

    @Test
    void aStartBehindTheNewestEntryIsToldOnTheLog(@TempDir Path folder) {
        Logs logs = new Logs(folder);
        logs.publish(3);
        Instant published = logs.time.instant();
        clock.wall = Duration.between(Logs.at(0), published.minusSeconds(3_600));
        Trail trail = new Trail(logs.rows, logs.sealing, clock, logs.random);
        try (AuditLog log =
                AuditLog.open(
                        logs.a,
                        logs.b,
                        logs.installation,
                        logs.key,
                        logs.kept,
                        logs.rows,
                        trail,
                        clock,
                        Logs.QUICK)) {
            logs.until(() -> log.size() == 4);
        }
        LoggedEntry told =
                new LogReader(logs.a, logs.key.verifierKey(), logs.sealing).show(3).orElseThrow();
        assertThat(told.type()).isEqualTo("node.clock-set-back");
        assertThat(told.facts().get("behind_s")).matches("3(59\\d|60\\d)");
    }
}
