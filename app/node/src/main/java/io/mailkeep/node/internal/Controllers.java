package io.mailkeep.node.internal;

import io.mailkeep.api.AdminAccess;
import io.mailkeep.api.AuditController;
import io.mailkeep.api.DirectoryController;
import io.mailkeep.api.KeysController;
import io.mailkeep.api.ProblemAdvice;
import io.mailkeep.audit.DeviceState;
import io.mailkeep.audit.LogReader;
import io.mailkeep.audit.Trail;
import java.nio.file.Path;
import java.util.List;

/** What serves the administration API. */
final class Controllers {
    private Controllers() {}

    static List<Object> of(Configuration configuration, Rooms rooms, NodeStatus status, Runnable stop) {
        AdminAccess access = rooms.adminAccess();
        Trail trail = rooms.trail;
        return List.of(
                new ProblemAdvice(),
                new DirectoryController(rooms.directory, access, configuration.region()),
                new KeysController(
                        rooms.keyAdmin, rooms.directory, access, configuration.expunged(), rooms.time::instant),
                new AuditController(() -> reader(rooms), trail, access),
                new NodeController(configuration, rooms, status, access, stop));
    }

    /** A reader of the first copy that is in use. */
    private static LogReader reader(Rooms rooms) {
        List<DeviceState> devices = rooms.auditLog.devices();
        Path copy = devices.stream()
                .filter(device -> device.aside().isEmpty())
                .findFirst()
                .orElse(devices.getFirst())
                .folder();
        return new LogReader(copy, rooms.checkpointKey.verifierKey(), rooms.keys.subjects());
    }
}
