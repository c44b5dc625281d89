package io.mailkeep.node.internal;

import io.mailkeep.audit.DeviceState;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.KeysState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an administrator asks first: what runs, what it uses, what needs attention. */
final class NodeStatus {
    private static final double FULL_WARNING = 0.85;

    private final Configuration configuration;
    private final Installation installation;
    private final Rooms rooms;
    private final Wire wire;
    private final Instant started;

    NodeStatus(Configuration configuration, Installation installation, Rooms rooms, Wire wire) {
        this.configuration = configuration;
        this.installation = installation;
        this.rooms = rooms;
        this.wire = wire;
        this.started = rooms.time.instant();
    }

    /** Why the node can't take mail now, if it can't. */
    Optional<String> trouble() {
        return switch (rooms.keys.state()) {
            case KeysState.Sealed(String reason, String advice) ->
                    Optional.of("The keys are sealed: " + reason + " " + advice);
            case KeysState.Unsealed() ->
                    rooms.auditLog
                            .backlogGate()
                            .map(problem -> "The audit log can't keep up: " + problem.text());
        };
    }

    /** Everything, in the order to be shown. */
    Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("node", node());
        all.put("listeners", wire.shown());
        all.put("keys", keys());
        all.put("audit", audit());
        all.put("database", database());
        all.put("volumes", volumes());
        all.put("attention", attention());
        return all;
    }

    private Map<String, Object> node() {
        long ours = Memory.pss(ProcessHandle.current().pid()).orElse(0);
        long postgres =
                rooms.database.postmaster().flatMap(ProcessHandle::of).map(Memory::tree).orElse(0L);
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("installation", installation.id().toString());
        node.put("process", ProcessHandle.current().pid());
        node.put("data", configuration.directory().toString());
        node.put(
                "up for",
                Duration.between(started, rooms.time.instant())
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString());
        node.put("memory (Pss)", mebibytes(ours + postgres));
        node.put("  Java", mebibytes(ours));
        node.put("  PostgreSQL", mebibytes(postgres));
        return node;
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    private Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("state", rooms.keys.state() instanceof KeysState.Unsealed ? "unsealed" : "sealed");
        return keys;
    }

    private Map<String, Object> audit() {
        Map<String, Object> audit = new LinkedHashMap<>();
        audit.put("entries", rooms.auditLog.size());
        for (DeviceState device : rooms.auditLog.devices()) {
            audit.put(
                    "copy " + device.role(),
                    device.folder()
                            + ", "
                            + device.size()
                            + " entries"
                            + device.aside().map(why -> ", SET ASIDE: " + why).orElse(""));
        }
        audit.put(
                "checked",
                switch (rooms.auditLog.inspection().state()) {
                    case RUNNING -> "the end of it; all of it is being checked";
                    case SOUND -> "sound, " + rooms.auditLog.inspection().entries() + " entries";
                    case UNSOUND -> "NOT SOUND";
                });
        try {
            audit.put("waiting", rooms.outbox.backlog().entries());
        } catch (Unavailable away) {
            audit.put("waiting", "unknown: " + away.problem().text());
        }
        return audit;
    }

    private Map<String, Object> database() {
        Map<String, Object> database = new LinkedHashMap<>();
        database.put(
                "kind",
                configuration.databaseUrl().isEmpty()
                        ? "built-in PostgreSQL"
                        : "external PostgreSQL");
        database.put("fence", rooms.database.fence());
        rooms.database
                .figures()
                .forEach(pool ->
                        database.put(
                                "pool " + pool.room().name().toLowerCase(java.util.Locale.ROOT),
                                pool.active()
                                        + " of "
                                        + pool.open()
                                        + " connections busy, "
                                        + pool.waiting()
                                        + " waiting"));
        return database;
    }

    private Map<String, Object> volumes() {
        Map<String, Object> volumes = new LinkedHashMap<>();
        for (DataClass dataClass : DataClass.values()) {
            var counters = rooms.segments.counters(dataClass);
            volumes.put(
                    dataClass.label(),
                    configuration.volumes().get(dataClass)
                            + ", "
                            + counters.records()
                            + " messages and "
                            + counters.forces()
                            + " syncs since the start");
        }
        return volumes;
    }

    private List<String> attention() {
        List<String> attention = new ArrayList<>();
        trouble().ifPresent(attention::add);
        for (DeviceState device : rooms.auditLog.devices()) {
            device.aside()
                    .ifPresent(why ->
                            attention.add(
                                    "Audit copy "
                                            + device.role()
                                            + " is set aside ("
                                            + why
                                            + "): mend "
                                            + device.folder()
                                            + "; it is taken back by itself. Is it lost, mount an empty"
                                            + " device there and type \"mailkeep audit replace "
                                            + device.role()
                                            + "\"."));
        }
        rooms.auditLog
                .inspection()
                .sentences()
                .forEach(
                        wrong -> attention.add("The audit log isn't what was published. " + wrong));
        for (DataClass dataClass : DataClass.values()) {
            rooms.segments
                    .refusing(dataClass)
                    .ifPresent(problem ->
                            attention.add(
                                    "Volume "
                                            + dataClass.label()
                                            + " takes no mail: "
                                            + problem.text()));
            full(configuration.volumes().get(dataClass)).ifPresent(attention::add);
        }
        rooms.database.warnings().forEach(attention::add);
        return attention.stream().distinct().toList();
    }

    private static Optional<String> full(Path path) {
        try {
            var store = Files.getFileStore(path);
            double used = 1 - (double) store.getUsableSpace() / store.getTotalSpace();
            return used > FULL_WARNING
                    ? Optional.of(
                            String.format(
                                    "The device of %s is %.0f %% full; at 92 %% no mail is taken. Make room.",
                                    path, used * 100))
                    : Optional.empty();
        } catch (java.io.IOException e) {
            return Optional.of(
                    "The device of " + path + " can't be asked how full it is: " + e.getMessage());
        }
    }
}
