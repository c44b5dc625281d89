package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flood of equal refusals becomes few entries with a count; nothing else is folded or lost. */
@Claim({"DAT-6", "ATK-115"})
class FloodTest {
    private static final Pattern COUNT = Pattern.compile("\"count\":\"(\\d+)\"");

    private final HandClock clock = new HandClock();
    private final Logs.Rows rows = new Logs.Rows();
    private final Trail trail =
            new Trail(rows, new Logs.Sealing(), clock, Randomness.of(new SplittableRandom(8)));

    private static Event refused(EventType type, String actor, String reason) {
        return Event.refused(
                type, Event.INSTALLATION, actor, "admission", Map.of("reason", reason));
    }

    private static Event forged() {
        return refused(EventType.TICKET_DECISION, "unverified", "SIGNATURE");
    }

    private List<String> told() {
        return rows.all().stream()
                .map(entry -> new String(entry.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** How many events the entries stand for. */
    private static long standFor(List<String> told) {
        return told.stream()
                .mapToLong(entry ->
                        COUNT.matcher(entry)
                                .results()
                                .map((MatchResult count) -> Long.parseLong(count.group(1)))
                                .findFirst()
                                .orElse(1L))
                .sum();
    }

    @Test
    void theFirstStandForThemselvesAndTheRestIsCounted() {
        for (int i = 0; i < 1_000; i++) {
            trail.record(forged());
        }
        assertThat(told()).hasSize(Folding.APART).allMatch(it -> it.contains("tickets.decision"));
        trail.storeCounts(false);
        assertThat(told()).as("before the span is over").hasSize(Folding.APART);
        clock.pass(Folding.SPAN);
        trail.storeCounts(false);
        assertThat(told()).hasSize(Folding.APART + 1);
        assertThat(told().getLast())
                .contains(
                        "\"type\":\"audit.entries-folded\"",
                        "\"of\":\"tickets.decision\"",
                        "\"count\":\"997\"",
                        "\"first\":\"2026-11-24T00:00:00Z\"",
                        "\"last\":\"2026-11-24T00:00:00Z\"",
                        "\"reason\":\"SIGNATURE\"",
                        "\"actor\":\"unverified\"",
                        "\"decision\":\"REFUSED\"",
                        "\"object\":\"admission\"");
        assertThat(standFor(told())).isEqualTo(1_000);
    }

    @Test
    void aFloodThatGoesOnCostsOneEntryASpanAndOneThatStoppedIsForgotten() {
        for (int span = 0; span < 5; span++) {
            for (int i = 0; i < 100; i++) {
                trail.record(forged());
            }
            clock.pass(Folding.SPAN);
            trail.storeCounts(false);
        }
        assertThat(told()).hasSize(Folding.APART + 5);
        assertThat(standFor(told())).isEqualTo(500);
        clock.pass(Folding.SPAN);
        trail.storeCounts(false);
        trail.record(forged());
        assertThat(told()).hasSize(Folding.APART + 6);
        assertThat(told().getLast()).contains("tickets.decision");
    }

    @Test
    void whatIsDifferentInAnythingToldIsNeverHiddenInAFlood() {
        TenantId tenant = new TenantId(new UUID(7, 7));
        for (int i = 0; i < 50; i++) {
            trail.record(forged());
        }
        List<Event> others =
                List.of(
                        refused(EventType.TICKET_DECISION, "unverified", "EXPIRED"),
                        refused(EventType.TICKET_DECISION, "module:imap", "SIGNATURE"),
                        refused(EventType.SIGN_IN, "unverified", "SIGNATURE"),
                        Event.refused(
                                EventType.TICKET_DECISION,
                                tenant,
                                "unverified",
                                "admission",
                                Map.of("reason", "SIGNATURE")),
                        Event.refused(
                                EventType.TICKET_DECISION,
                                Event.INSTALLATION,
                                "unverified",
                                "READ",
                                Map.of("reason", "SIGNATURE")),
                        person("alice"),
                        person("bob"));
        others.forEach(trail::record);
        assertThat(told()).hasSize(Folding.APART + others.size());
    }

    private static Event person(String name) {
        return new Event(
                EventType.SIGN_IN,
                Event.INSTALLATION,
                "module:imap",
                Event.Decision.REFUSED,
                "nobody",
                Map.of(),
                List.of(new Event.Personal(new SubjectId(new UUID(5, 5)), "name", name)));
    }

    @Test
    void whatWasGrantedWhatFailedAndStaffActionsAreNeverFolded() {
        Event granted =
                Event.granted(EventType.SIGN_IN, Event.INSTALLATION, "module:imap", "x", Map.of());
        Event failed =
                new Event(
                        EventType.SIGN_IN,
                        Event.INSTALLATION,
                        "module:imap",
                        Event.Decision.FAILED,
                        "x",
                        Map.of(),
                        List.of());
        for (Event event :
                List.of(granted, failed, refused(EventType.KEYS_ROTATED, "operator", "no"))) {
            int before = told().size();
            for (int i = 0; i < 20; i++) {
                trail.record(event);
            }
            assertThat(told()).as(event.toString()).hasSize(before + 20);
        }
    }

    @Test
    void manyKindsAtOnceAreBoundedInMemoryAndNoneIsLost() {
        for (int i = 0; i < 5; i++) {
            for (int kind = 0; kind < 1_500; kind++) {
                trail.record(refused(EventType.SIGN_IN, "module:imap", "kind " + kind));
            }
        }
        int apart = 1_024 * Folding.APART + (1_500 - 1_024) * 5;
        assertThat(told()).hasSize(apart);
        trail.storeCounts(true);
        assertThat(standFor(told())).isEqualTo(5 * 1_500);
    }

    @Test
    void anOutboxThatIsAwayLosesNoCount() {
        rows.away = true;
        assertThatThrownBy(() -> trail.record(forged())).isInstanceOf(Unavailable.class);
        rows.away = false;
        for (int i = 0; i < 10; i++) {
            trail.record(forged());
        }
        assertThat(told()).as("what wasn't stored is none of the first").hasSize(Folding.APART);
        rows.away = true;
        assertThatThrownBy(() -> trail.storeCounts(true)).isInstanceOf(Unavailable.class);
        rows.away = false;
        trail.storeCounts(false);
        trail.storeCounts(false);
        assertThat(told()).hasSize(Folding.APART + 1);
        assertThat(standFor(told())).isEqualTo(10);
    }

    @Test
    void anOpenLogPublishesTheCountsAtTheLatestWhenItCloses(@TempDir Path folder) {
        Logs logs = new Logs(folder);
        try (AuditLog log = logs.open()) {
            logs.until(() -> log.backlogGate().isEmpty());
            for (int i = 0; i < 100; i++) {
                logs.trail.record(forged());
            }
        }
        LogReader reader = new LogReader(logs.a, logs.key.verifierKey(), new Logs.Sealing());
        long[] stand = {0};
        reader.stream(
                0,
                entry -> true,
                entry -> stand[0] += Long.parseLong(entry.facts().getOrDefault("count", "1")));
        assertThat(stand[0]).isEqualTo(100);
        assertThat(reader.size()).isLessThanOrEqualTo(Folding.APART + 1L);
    }
}
