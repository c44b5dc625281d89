package io.mailkeep.audit;

import io.mailkeep.kernel.EventType;
import java.util.List;
import java.util.Map;

/**
 * What came of checking every entry of the copies in use after the start.
 *
 * @param entries how many were checked
 * @param sentences what is wrong; empty unless unsound
 */
public record Inspection(State state, long entries, List<String> sentences) {
    /** How far it is. */
    public enum State {
        RUNNING,
        SOUND,
        UNSOUND
    }

    static Inspection of(LogVerifier.Verdict verdict) {
        return new Inspection(
                verdict.sound() ? State.SOUND : State.UNSOUND, verdict.size(), verdict.sentences());
    }

    Event told() {
        return new Event(
                EventType.AUDIT_CHECKED,
                Event.INSTALLATION,
                "module:audit",
                state == State.SOUND ? Event.Decision.GRANTED : Event.Decision.FAILED,
                "log",
                Map.of("entries", Long.toString(entries), "found", String.join(" ", sentences)),
                List.of());
    }
}
