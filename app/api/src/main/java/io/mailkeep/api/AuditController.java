package io.mailkeep.api;

import io.mailkeep.audit.AuditRefused;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.LogReader;
import io.mailkeep.audit.LoggedEntry;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The audit log over HTTP: its newest entries, one entry, and what became of a message. Each
 * reading is itself told.
 */
@RestController
@RequestMapping("/v1")
public final class AuditController {
    private static final int MOST = 1_000;
    private static final int TRACE_ENTRIES = 100;

    private final Supplier<LogReader> reader;
    private final Function<String, Outcome<Long>> replace;
    private final Trail trail;
    private final AdminAccess access;

    /**
     * @param reader a reader of a copy that is in use now
     * @param replace makes an empty folder the copy of a lost device ({@code AuditLog.replace})
     */
    public AuditController(
            Supplier<LogReader> reader,
            Function<String, Outcome<Long>> replace,
            Trail trail,
            AdminAccess access) {
        this.reader = reader;
        this.replace = replace;
        this.trail = trail;
        this.access = access;
    }

    private void told(String what, Map<String, String> facts) {
        Access granted = access.to(Operation.AUDIT, Event.INSTALLATION);
        granted.require(Operation.AUDIT);
        trail.record(
                Event.granted(EventType.AUDIT_READ, Event.INSTALLATION, "operator", what, facts));
    }

    @GetMapping("audit/tail")
    List<LoggedEntry> tail(@RequestParam(defaultValue = "20") int count) {
        if (count < 1 || count > MOST) {
            throw new Refusal(400, "Between 1 and " + MOST + " entries can be asked for at once.");
        }
        told("tail", Map.of("count", Integer.toString(count)));
        return reading(log -> log.tail(count));
    }

    @GetMapping("audit/entry")
    LoggedEntry entry(@RequestParam long index) {
        told("entry", Map.of("index", Long.toString(index)));
        return reading(log ->
                log.show(index)
                        .orElseThrow(() ->
                                new Refusal(
                                        404,
                                        "The log has no entry "
                                                + index
                                                + ": it holds entries 0 to "
                                                + (log.size() - 1)
                                                + ".")));
    }

    /** Which copy begins anew: {@code a} or {@code b}. */
    record Replacement(String copy) {}

    /** Answers how many entries are being copied. */
    @PostMapping("audit/replace")
    Map<String, Object> replace(@RequestBody Replacement request) {
        access.to(Operation.AUDIT, Event.INSTALLATION).require(Operation.AUDIT);
        return Map.of("entries", Refusal.orRefuse(replace.apply(request.copy())));
    }

    /** Everything the log says about a queue id, oldest first. */
    @GetMapping("trace")
    List<LoggedEntry> trace(@RequestParam String id) {
        if (!id.matches("[0-9A-Z]{10,26}")) {
            throw new Refusal(
                    400,
                    "\""
                            + id
                            + "\" isn't a queue id: those are 10 to 26 capital letters and digits.");
        }
        told("trace", Map.of("queueId", id));
        List<LoggedEntry> found = new ArrayList<>();
        return reading(log -> {
            log.stream(
                    0,
                    one ->
                            id.equals(one.facts().get("queueId"))
                                    && !one.type().equals(EventType.AUDIT_READ.id()),
                    one -> {
                        if (found.size() < TRACE_ENTRIES) {
                            found.add(one);
                        }
                    });
            return found;
        });
    }

    private <T> T reading(Function<LogReader, T> question) {
        try {
            return question.apply(reader.get());
        } catch (AuditRefused refused) {
            throw new Refusal(
                    500,
                    java.util.Objects.requireNonNullElse(
                                    refused.getMessage(), "The audit log can't be read.")
                            + " Check it with \"mailkeep audit verify\".");
        }
    }
}
