package io.mailkeep.imap.internal;

import io.mailkeep.mailbox.Flags;
import java.time.LocalDate;
import java.util.List;

/** What a SEARCH asks of a message (RFC 9051 6.4.4; RFC 3501 for NEW and OLD; RFC 7162 3.1.5). */
public sealed interface SearchKey {
    /** All of these. */
    record And(List<SearchKey> keys) implements SearchKey {}

    /** One of these. */
    record Or(SearchKey one, SearchKey other) implements SearchKey {}

    /** Not this. */
    record Not(SearchKey key) implements SearchKey {}

    /** Every message, or (for RECENT, which we don't keep) none. */
    record Constant(boolean value) implements SearchKey {}

    /** A system flag. */
    record HasFlag(Flags.Flag flag) implements SearchKey {}

    /** A keyword. */
    record HasKeyword(String keyword) implements SearchKey {}

    /** Message numbers or UIDs. */
    record InSet(SequenceSet set, boolean byUid) implements SearchKey {}

    /** INTERNALDATE's day, in universal time: from the first day, before the second. */
    record Received(LocalDate from, LocalDate before) implements SearchKey {}

    /** The Date field's day as it is written there. */
    record Sent(LocalDate from, LocalDate before) implements SearchKey {}

    /** Larger than, smaller than. */
    record Size(long above, long below) implements SearchKey {}

    /** MODSEQ of at least. */
    record ChangedAt(long least) implements SearchKey {}

    /** In one of the envelope's fields. */
    record InEnvelope(Field field, String text) implements SearchKey {}

    /** In a header field. */
    record InHeader(String field, String text) implements SearchKey {}

    /** In the text parts; with {@code headers}, in all headers too. */
    record InText(String text, boolean headers) implements SearchKey {}

    /** The envelope's fields that have keys of their own. */
    enum Field {
        FROM,
        TO,
        CC,
        BCC,
        SUBJECT
    }

    /** Whether MODSEQ occurs: the answer then tells the highest (RFC 7162 3.1.5). */
    default boolean mentionsModSeq() {
        return switch (this) {
            case And(List<SearchKey> keys) -> keys.stream().anyMatch(SearchKey::mentionsModSeq);
            case Or(SearchKey one, SearchKey other) ->
                    one.mentionsModSeq() || other.mentionsModSeq();
            case Not(SearchKey key) -> key.mentionsModSeq();
            case ChangedAt _ -> true;
            case Constant _,
                    HasFlag _,
                    HasKeyword _,
                    InSet _,
                    Received _,
                    Sent _,
                    Size _,
                    InEnvelope _,
                    InHeader _,
                    InText _ ->
                    false;
        };
    }
}
