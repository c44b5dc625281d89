package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lost copy is begun anew; a long log is checked whole behind the start. */
@Claim({"DAT-6", "ATK-111", "ATK-116"})
class ReplaceTest {
    private static final AuditLimits LOOKS_AT_THE_END = Logs.quick(200);

    @TempDir Path folder;
    private Logs logs;

    @BeforeEach
    void publish() {
        logs = new Logs(folder);
        logs.publish(1_500);
    }

    private List<String> types() {
        List<String> types = new ArrayList<>();
        new LogReader(logs.a, logs.key.verifierKey(), logs.sealing)
                .stream(1_500, entry -> true, entry -> types.add(entry.type()));
        return types;
    }

    private static String refusal(Outcome<Long> outcome) {
        return switch (outcome) {
            case Outcome.Done<Long> done -> "done: " + done;
            case Outcome.Deferred<Long>(var problem) -> problem.text();
            case Outcome.Refused<Long>(var problem) -> problem.text();
        };
    }

    @Test
    void anEmptyFolderInTheLostOnesPlaceGetsTheWholeLog() throws IOException {
        try (AuditLog log = logs.open()) {
            Files.move(logs.b, folder.resolve("broken disk"));
            Files.createDirectories(logs.b.resolve("lost+found"));
            logs.until(() -> log.devices().get(1).aside().isPresent());
            long missed = log.size();
            assertThat(log.replace("b")).isInstanceOf(Outcome.Done.class);
            logs.until(() -> log.devices().get(1).aside().isEmpty() && logs.rows.empty());
            assertThat(log.devices().get(1).size()).isGreaterThanOrEqualTo(missed);
        }
        assertThat(types())
                .containsSubsequence(
                        "audit.device-lost", "audit.device-replaced", "audit.device-back");
        assertThat(logs.verify().sentences()).isEmpty();
        try (AuditLog again = logs.open()) {
            assertThat(again.devices()).allMatch(device -> device.aside().isEmpty());
        }
    }

    @Test
    void nothingIsReplacedThatWorksOrHoldsSomethingOrHasNoSource() throws IOException {
        try (AuditLog log = logs.open()) {
            assertThat(refusal(log.replace("b"))).contains("in use");
            assertThat(refusal(log.replace("c"))).contains("no audit copy \"c\"");
            Files.move(logs.b, folder.resolve("b away"));
            Files.createDirectory(logs.b);
            Path kept = Files.writeString(logs.b.resolve("letter"), "mine");
            logs.until(() -> log.devices().get(1).aside().isPresent());
            assertThat(refusal(log.replace("b"))).contains("isn't an empty folder");
            assertThat(kept).hasContent("mine");
            Files.delete(kept);
            Files.move(logs.a, folder.resolve("a away"));
            logs.until(() -> log.devices().getFirst().aside().isPresent());
            assertThat(refusal(log.replace("b"))).contains("nothing to copy from");
            assertThat(logs.b).isEmptyDirectory();
            Files.move(folder.resolve("a away"), logs.a);
            logs.until(() -> log.devices().getFirst().aside().isEmpty());
        }
        assertThat(types()).doesNotContain("audit.device-replaced");
    }

    @Test
    void aLongLogIsCheckedWholeAfterTheStart() {
        try (AuditLog log = logs.open(LOOKS_AT_THE_END)) {
            logs.until(() -> log.inspection().state() != Inspection.State.RUNNING);
            assertThat(log.inspection().state()).isEqualTo(Inspection.State.SOUND);
            assertThat(log.inspection().entries()).isGreaterThanOrEqualTo(1_500);
            logs.until(() -> log.size() > 1_500 && logs.rows.empty());
        }
        // on a disk that stalls, devices that were lost for a moment are told of as well
        assertThat(types())
                .filteredOn(type -> !type.startsWith("audit.device-"))
                .containsExactly("audit.checked");
    }

    @Test
    void anOldEntryEditedWhileTheNodeWasStoppedIsFoundAndTold() throws IOException {
        Path bundle = logs.b.resolve("tile/entries/003");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[40] ^= 1;
        Files.write(bundle, bytes);
        try (AuditLog log = logs.open(LOOKS_AT_THE_END)) {
            logs.until(() -> log.inspection().state() == Inspection.State.UNSOUND);
            assertThat(String.join(" ", log.inspection().sentences()))
                    .contains(logs.b.toString(), "768");
            logs.until(() -> log.size() > 1_500 && logs.rows.empty());
        }
        List<String> told = new ArrayList<>();
        new LogReader(logs.a, logs.key.verifierKey(), logs.sealing)
                .stream(
                        1_500,
                        entry -> entry.type().equals("audit.checked"),
                        entry -> told.add(entry.decision()));
        assertThat(told).containsExactly("FAILED");
    }
}
