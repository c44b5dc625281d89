package io.mailkeep.imap.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;

/** Dates as the grammar has them (RFC 9051 9: date, date-time). */
public final class ImapDate {
    private static final DateTimeFormatter DATE_TIME =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern("ppd-MMM-uuuu HH:mm:ss xx")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter DATE =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern("d-MMM-uuuu")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private ImapDate() {}

    /** Reads a date-time without its quotes. */
    public static Instant dateTime(String text) {
        try {
            if (text.length() != 26) {
                throw new BadCommand("Malformed date-time");
            }
            return OffsetDateTime.parse(text, DATE_TIME).toInstant();
        } catch (DateTimeException malformed) {
            throw new BadCommand("Malformed date-time");
        }
    }

    /** Reads a date, quoted or not. */
    public static LocalDate date(Tokens tokens) {
        String text = tokens.astring();
        try {
            if (text.length() < 10 || text.length() > 11) {
                throw new BadCommand("Malformed date");
            }
            return LocalDate.parse(text, DATE);
        } catch (DateTimeException malformed) {
            throw new BadCommand("Malformed date");
        }
    }

    /** Writes a date-time, in universal time, with its quotes. */
    public static String text(Instant instant) {
        return '"' + DATE_TIME.format(instant.atOffset(ZoneOffset.UTC)) + '"';
    }
}
