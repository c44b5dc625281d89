package io.mailkeep.audit;

import io.mailkeep.kernel.Unavailable;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The one spelling of an event ({@code ATK-114}): fields in fixed order, facts sorted, every text
 * cut to a limit with a mark that says so; whatever a text holds stays data, escaped by the
 * library. No event is larger than an entry may be.
 */
final class EventJson {
    private static final int NAME_MAX_CHARS = 64;
    private static final int ACTOR_MAX_CHARS = 128;
    private static final int OBJECT_MAX_CHARS = 256;
    private static final int FACT_MAX_CHARS = 256;
    private static final int FACTS_MAX = 16;
    private static final int PERSONAL_MAX = 8;
    private static final int PERSONAL_MAX_CHARS = 512;

    private final JsonFactory json = new JsonFactory();
    private final SubjectCipher subjects;

    EventJson(SubjectCipher subjects) {
        this.subjects = subjects;
    }

    /** The bytes of this event; {@link Unavailable} if the keys' storage doesn't answer. */
    byte[] bytes(UUID id, Instant at, Event event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            out.writeStringProperty("id", id.toString());
            out.writeStringProperty("at", at.toString());
            out.writeStringProperty("type", event.type().id());
            out.writeStringProperty("tenant", event.tenant().toString());
            out.writeStringProperty("actor", cut(event.actor(), ACTOR_MAX_CHARS));
            out.writeStringProperty("decision", event.decision().name());
            out.writeStringProperty("object", cut(event.object(), OBJECT_MAX_CHARS));
            facts(out, event.facts());
            personal(out, event);
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void facts(JsonGenerator out, Map<String, String> facts) {
        out.writeObjectPropertyStart("facts");
        int left = FACTS_MAX;
        for (Map.Entry<String, String> fact : new TreeMap<>(facts).entrySet()) {
            if (left-- == 0) {
                out.writeStringProperty("\u2026", "+" + (facts.size() - FACTS_MAX));
                break;
            }
            out.writeStringProperty(
                    cut(fact.getKey(), NAME_MAX_CHARS), cut(fact.getValue(), FACT_MAX_CHARS));
        }
        out.writeEndObject();
    }

    private void personal(JsonGenerator out, Event event) {
        out.writeArrayPropertyStart("personal");
        for (Event.Personal one :
                event.personal().subList(0, Math.min(PERSONAL_MAX, event.personal().size()))) {
            byte[] clear =
                    cut(one.value(), PERSONAL_MAX_CHARS)
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Optional<byte[]> sealed = subjects.seal(event.tenant(), one.subject(), clear);
            out.writeStartObject();
            out.writeStringProperty("subject", one.subject().value().toString());
            out.writeStringProperty("field", cut(one.field(), NAME_MAX_CHARS));
            if (sealed.isPresent()) {
                out.writeName("sealed");
                out.writeBinary(sealed.get());
            } else {
                out.writeBooleanProperty("withheld", true);
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** Well-formed text of at most this length; what is missing is counted in the mark. */
    static String cut(String text, int max) {
        String whole = text;
        if (text.length() > max) {
            int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
            whole = text.substring(0, end) + "\u2026[+" + (text.length() - end) + "]";
        }
        if (whole.codePoints().noneMatch(EventJson::lone)) {
            return whole;
        }
        int[] mended = whole.codePoints().map(c -> lone(c) ? 0xFFFD : c).toArray();
        return new String(mended, 0, mended.length);
    }

    private static boolean lone(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
