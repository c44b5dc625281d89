package io.mailkeep.node.internal;

import io.mailkeep.api.AdminAccess;
import io.mailkeep.api.AuditController;
import io.mailkeep.api.DirectoryController;
import io.mailkeep.api.KeysController;
import io.mailkeep.audit.DeviceState;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.LogReader;
import io.mailkeep.audit.Trail;
import io.mailkeep.claims.Budgets;
import io.mailkeep.claims.ClaimsVerifier;
import io.mailkeep.claims.Services;
import io.mailkeep.claims.Target;
import io.mailkeep.identity.SignInLimits;
import io.mailkeep.net.NetLimits;
import io.mailkeep.tickets.Operation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What serves the administration API. */
final class Controllers {
    /** Their classes, known before they can be made. */
    static final List<Class<?>> TYPES =
            List.of(
                    DirectoryController.class,
                    KeysController.class,
                    AuditController.class,
                    NodeController.class,
                    ClaimsController.class);

    private Controllers() {}

    static List<Object> of(
            Configuration configuration, Rooms rooms, NodeStatus status, Runnable stop) {
        AdminAccess access = rooms.adminAccess();
        Trail trail = rooms.trail;
        return List.of(
                new DirectoryController(rooms.directory, access, configuration.region()),
                new KeysController(
                        rooms.keyAdmin,
                        rooms.directory,
                        access,
                        rooms.retention::before,
                        rooms.time::instant),
                new AuditController(() -> reader(rooms), rooms.auditLog::replace, trail, access),
                new NodeController(configuration, rooms, status, access, stop),
                new ClaimsController(
                        new ClaimsVerifier(target(configuration, rooms), trail, rooms.time),
                        access));
    }

    /** A reader of the first copy that is in use. */
    private static LogReader reader(Rooms rooms) {
        List<DeviceState> devices = rooms.auditLog.devices();
        Path copy =
                devices.stream()
                        .filter(device -> device.aside().isEmpty())
                        .findFirst()
                        .orElse(devices.getFirst())
                        .folder();
        return new LogReader(copy, rooms.checkpointKey.verifierKey(), rooms.keys.subjects());
    }

    private static Target target(Configuration configuration, Rooms rooms) {
        Map<String, Integer> ports = new HashMap<>();
        for (Setting port : Setting.values()) {
            if (port.key().startsWith("ports.")) {
                ports.put(port.key().substring("ports.".length()), configuration.port(port));
            }
        }
        return new Target(
                new Services(
                        Endpoints.reachable(configuration.listen()),
                        ports,
                        configuration.directory().resolve("tls").resolve("ca.pem")),
                new Budgets(
                        configuration.connectionsPerAddress(),
                        NetLimits.standard().handshake(),
                        SignInLimits.STANDARD),
                configuration.volumes(),
                List.of(configuration.keysA(), configuration.keysB()),
                List.of(configuration.directory()),
                List.of(configuration.auditA(), configuration.auditB()),
                rooms.checkpointKey.verifierKey(),
                rooms.directory,
                rooms.signIn,
                rooms.authority,
                () -> rooms.adminAccess().to(Operation.DIRECTORY, Event.INSTALLATION),
                rooms.tickets.of("smtp"),
                rooms.tickets.of("imap"),
                rooms.tickets.process(),
                rooms.time,
                rooms.randomness);
    }
}
