package io.mailkeep.node.internal;

import io.mailkeep.audit.LogVerifier;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.mailbox.Rebuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what is wrong with the machine, the configuration or the store, and what to do about it. */
final class Doctor {
    private final Configuration configuration;
    private final Rooms rooms;
    private final NodeStatus status;

    Doctor(Configuration configuration, Rooms rooms, NodeStatus status) {
        this.configuration = configuration;
        this.rooms = rooms;
        this.status = status;
    }

    /** Checks that take a moment. */
    List<Map<String, Object>> machine() {
        List<Map<String, Object>> checks = new ArrayList<>();
        checks.add(
                check(
                        "The node takes mail",
                        status.trouble(),
                        "\"mailkeep status\" shows the parts; \"mailkeep keys unseal\" opens sealed keys."));
        checks.add(
                advised(
                        "Keys and data lie on different devices",
                        sameDevice()
                                ? Optional.of(
                                        "no, they share one: whoever takes that disk has both")
                                : Optional.empty(),
                        "Put the key folders (keys.a, keys.b in mailkeep.yaml) on a device of their own."));
        checks.add(
                advised(
                        "The classes' volumes lie on different devices",
                        sharedVolumes() ? Optional.of("no, they share one") : Optional.empty(),
                        "Give each class a device of its own (volumes.* in mailkeep.yaml); DAT-4"
                                + " stays not_configured until then."));
        var verdict =
                LogVerifier.verify(
                        List.of(configuration.auditA(), configuration.auditB()),
                        rooms.checkpointKey.verifierKey(),
                        Identities.remembered(rooms.keys.device()).read(),
                        rooms.time);
        checks.add(
                check(
                        "Both copies of the audit log verify (" + verdict.size() + " entries)",
                        verdict.sound()
                                ? Optional.empty()
                                : Optional.of(String.join(" ", verdict.sentences())),
                        "Keep both copies as they are, and compare with a backup: somebody or something changed one."));
        return checks;
    }

    /** Recomputes every invariant of the store; takes as long as the store is large. */
    List<Map<String, Object>> store() {
        List<Map<String, Object>> checks = new ArrayList<>();
        rooms.storeDoctor
                .check(rooms.maintenance())
                .forEach(sentence -> checks.add(check("Store", Optional.of(sentence), ADVICE)));
        rooms.keyAdmin
                .check(rooms.maintenance())
                .forEach(sentence -> checks.add(check("Key tree", Optional.of(sentence), ADVICE)));
        if (checks.isEmpty()) {
            checks.add(
                    check(
                            "Every invariant of rows, segments and keys holds",
                            Optional.empty(),
                            ""));
        }
        return checks;
    }

    /** What came of an accepted rollback: each message that isn't back is named, up to a limit. */
    static List<Map<String, Object>> rebuilt(Rebuild.Report report) {
        List<Map<String, Object>> checks = new ArrayList<>();
        checks.add(
                check(
                        "Rows were made again from the volumes: "
                                + report.back()
                                + " messages came back, "
                                + report.lost().size()
                                + " didn't. Flags, expunges, folders and copies made since are"
                                + " lost",
                        Optional.empty(),
                        ""));
        report.lost().stream()
                .limit(LOST_SHOWN_MAX)
                .forEach(one ->
                        checks.add(
                                check(
                                        "Lost",
                                        Optional.of(one),
                                        "Every lost message stands on the audit log, too: mailkeep"
                                                + " audit tail")));
        return checks;
    }

    private static final int LOST_SHOWN_MAX = 100;

    private static final String ADVICE =
            "Stop the node, copy the data directory as it is, and report this with the log.";

    /** A check whose failure is advice for production, not something broken. */
    private static Map<String, Object> advised(
            String what, Optional<String> trouble, String advice) {
        Map<String, Object> check = check(what, trouble, advice);
        check.put("ok", true);
        check.put("advised", trouble.isPresent());
        return check;
    }

    private static Map<String, Object> check(String what, Optional<String> trouble, String advice) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("ok", trouble.isEmpty());
        check.put("what", what + trouble.map(text -> ": " + text).orElse(""));
        if (trouble.isPresent()) {
            check.put("advice", advice);
        }
        return check;
    }

    private boolean sameDevice() {
        Set<Long> data = new HashSet<>();
        data.add(device(configuration.directory()));
        configuration.volumes().values().forEach(path -> data.add(device(path)));
        return data.contains(device(configuration.keysA()))
                || data.contains(device(configuration.keysB()));
    }

    private boolean sharedVolumes() {
        Set<Long> seen = new HashSet<>();
        for (DataClass dataClass : DataClass.values()) {
            seen.add(device(configuration.volumes().get(dataClass)));
        }
        return seen.size() < DataClass.values().length;
    }

    private static long device(Path path) {
        try {
            return ((Number) Files.getAttribute(path, "unix:dev")).longValue();
        } catch (IOException | UnsupportedOperationException unknown) {
            return -1;
        }
    }
}
