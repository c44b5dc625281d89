package io.mailkeep.imap.internal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The day in a Date field (RFC 5322 3.3), read as leniently as mail needs it. */
final class SentDate {
    private static final Pattern DAY =
            Pattern.compile(
                    "(?<![0-9])([0-9]{1,2})[ \\t-]{1,8}([A-Za-z]{3})[a-z]{0,6}[ \\t-]{1,8}([0-9]{2,4})");
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private SentDate() {}

    static Optional<LocalDate> parse(String date) {
        Matcher found = DAY.matcher(date);
        if (!found.find()) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(found.group(2).toLowerCase(Locale.ROOT));
        int year = Integer.parseInt(found.group(3));
        if (month < 0 || month % 3 != 0) {
            return Optional.empty();
        }
        // RFC 5322 4.3: two digits below 50 are 2000 on, others and three digits 1900 on.
        if (found.group(3).length() < 4) {
            year += found.group(3).length() == 2 && year < 50 ? 2_000 : 1_900;
        }
        try {
            return Optional.of(LocalDate.of(year, month / 3 + 1, Integer.parseInt(found.group(1))));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }
}
