package io.mailkeep.audit;

import java.util.Map;
import java.util.UUID;

/**
 * An entry as it is read from the log.
 *
 * @param index its place
 * @param at when it was told, as written
 * @param type the event's stable id
 * @param facts the facts, in their order
 * @param personal the personal fields: opened, or {@code [sealed]} where the key is away or
 *     destroyed, or {@code [withheld]} where it was never stored
 */
public record LoggedEntry(
        long index,
        UUID id,
        String at,
        String type,
        String tenant,
        String actor,
        String decision,
        String object,
        Map<String, String> facts,
        Map<String, String> personal) {

    /** One line that is safe to show on a terminal. */
    public String line() {
        StringBuilder line = new StringBuilder();
        line.append(index).append(' ').append(at).append(' ').append(type).append(' ');
        line.append(decision).append(" by ").append(actor).append(" on ").append(object);
        facts.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        personal.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        return TerminalText.safe(line.toString());
    }

    @Override
    public String toString() {
        return "entry " + index + " " + id;
    }
}
