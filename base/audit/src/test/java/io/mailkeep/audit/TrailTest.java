package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.SubjectId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is told is bounded, escaped and sealed before it is stored. */
@Claim({"DAT-6", "ATK-114"})
class TrailTest {
    private final Logs logs = new Logs(Path.of("unused"));

    private String told(Event event) {
        return new String(logs.trail.prepare(event).bytes(), StandardCharsets.UTF_8);
    }

    private static Event about(String value) {
        return new Event(
                EventType.SIGN_IN,
                Event.INSTALLATION,
                "module:imap",
                Event.Decision.REFUSED,
                "sign-in",
                Map.of("reason", "unknown"),
                List.of(new Event.Personal(new SubjectId(new UUID(5, 5)), "name", value)));
    }

    @Test
    void oneSpellingWithFieldsInOrder() {
        assertThat(told(Logs.event("x")))
                .matches(
                        "\\{\"id\":\"[0-9a-f-]{36}\",\"at\":\"[^\"]+Z\","
                                + "\"type\":\"identity.account-added\","
                                + "\"tenant\":\"00000000-0000-0000-0000-000000000000\",\"actor\":\"operator\","
                                + "\"decision\":\"GRANTED\",\"object\":\"x\","
                                + "\"facts\":\\{\"n\":\"1\"\\},\"personal\":\\[\\]\\}");
    }

    @Test
    void personalFieldsLeaveSealedOrNotAtAll() {
        assertThat(told(about("alice@example.test")))
                .doesNotContain("alice")
                .contains("\"field\":\"name\",\"sealed\":\"");
        logs.sealing.sealed = true;
        assertThat(told(about("alice@example.test")))
                .doesNotContain("alice")
                .contains("\"field\":\"name\",\"withheld\":true");
    }

    @Test
    @Claim("ATK-114")
    void nothingInATextBreaksOutOfIt() {
        String evil = "x\",\"decision\":\"GRANTED\r\n\u001b[2J\u202e\u0000\ud800";
        String told =
                told(
                        Event.refused(
                                EventType.TICKET_DECISION,
                                Event.INSTALLATION,
                                evil,
                                evil,
                                Map.of(evil, evil)));
        assertThat(told.split("\"decision\":\"", -1)).hasSize(2);
        assertThat(told.chars()).noneMatch(c -> c < ' ');
        assertThat(told).contains("\\r\\n").contains("\ufffd");
    }

    @Test
    @Claim("ATK-114")
    void theLargestEventFitsAnEntry() {
        String huge = "\u0001".repeat(1 << 20);
        Map<String, String> facts = new HashMap<>();
        List<Event.Personal> personal = new ArrayList<>();
        for (int at = 0; at < 30; at++) {
            facts.put(at + huge, huge);
            personal.add(
                    new Event.Personal(
                            new SubjectId(new UUID(0, at)), huge, "\u4e2d".repeat(1 << 16)));
        }
        Entry entry =
                logs.trail.prepare(
                        new Event(
                                EventType.SIGN_IN,
                                Event.INSTALLATION,
                                huge,
                                Event.Decision.REFUSED,
                                huge,
                                facts,
                                personal));
        assertThat(entry.bytes().length).isLessThan(Entry.SIZE_MAX_BYTES);
        assertThat(new String(entry.bytes(), StandardCharsets.UTF_8)).contains("[+1048");
    }
}
