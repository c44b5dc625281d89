package io.mailkeep.node.internal;

import io.mailkeep.api.AdminAccess;
import io.mailkeep.api.Refusal;
import io.mailkeep.audit.Event;
import io.mailkeep.kernel.EventType;
import io.mailkeep.mailbox.Rebuild;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The node itself over HTTP: status, doctor, stop. */
@RestController
@RequestMapping("/v1")
final class NodeController {
    private final Configuration configuration;
    private final Rooms rooms;
    private final NodeStatus status;
    private final AdminAccess access;
    private final Runnable stop;

    NodeController(
            Configuration configuration,
            Rooms rooms,
            NodeStatus status,
            AdminAccess access,
            Runnable stop) {
        this.configuration = configuration;
        this.rooms = rooms;
        this.status = status;
        this.access = access;
        this.stop = stop;
    }

    /** What the doctor is to look at. */
    record Consultation(boolean store, boolean acceptRollback) {}

    @GetMapping("status")
    Map<String, Object> status() {
        return status.all();
    }

    @PostMapping("stop")
    Map<String, Object> stop() {
        rooms.trail.record(
                Event.granted(
                        EventType.NODE_STOPPED,
                        Event.INSTALLATION,
                        "operator",
                        "node",
                        Map.of("asked", "command line")));
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        // the answer goes out first
                        rooms.time.sleep(java.time.Duration.ofMillis(200));
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    stop.run();
                });
        return Map.of("stopping", true);
    }

    @PostMapping("doctor")
    Map<String, Object> doctor(@RequestBody Consultation request) {
        List<Map<String, Object>> checks = new ArrayList<>();
        if (request.acceptRollback()) {
            Refusal.orRefuse(
                    rooms.keyAdmin.acceptRollback(
                            access.to(Operation.KEYS, Event.INSTALLATION),
                            () ->
                                    checks.addAll(
                                            Doctor.rebuilt(
                                                    new Rebuild(rooms.backing, rooms.time)
                                                            .run(rooms.maintenance())))));
            rooms.outbox.accountFor(rooms.auditLog.size());
        }
        checks.addAll(new Doctor(configuration, rooms, status).machine());
        if (request.store()) {
            checks.addAll(new Doctor(configuration, rooms, status).store());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("checks", checks);
        return answer;
    }
}
