package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LIST patterns, RFC 9051 6.3.9. */
class ListPatternTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "*, INBOX, true",
                "%, INBOX, true",
                "%, a/b, false",
                "*, a/b, true",
                "%/%, a/b, true",
                "%/%, a/b/c, false",
                "a/*, a, false",
                "a/*, a/b/c, true",
                "a*c, a/b/c, true",
                "a%c, abc, true",
                "a%c, a/c, false",
                "inbox, INBOX, true",
                "InBoX/%, INBOX/x, true",
                "iNbOx%, INBOX, true",
                "inboxes, INBOXES, false",
                "sent, Sent, false",
                "%b%, abc, true",
                "*%, a/b, true",
                "%*, a/b, true",
                "%%, a/b, false",
            })
    void matches(String pattern, String name, boolean expected) {
        assertThat(ListPattern.of(pattern).matches(name)).isEqualTo(expected);
    }

    @Test
    void agreesWithRegularExpressionsOnAllShortCases() {
        String[] alphabet = {"a", "/", "%", "*"};
        for (int code = 0; code < 4 * 4 * 4 * 4; code++) {
            StringBuilder pattern = new StringBuilder();
            for (int i = 0, rest = code; i < 4; i++, rest /= 4) {
                pattern.append(alphabet[rest % 4]);
            }
            Pattern regex =
                    Pattern.compile(pattern.toString().replace("*", ".*").replace("%", "[^/]*"));
            ListPattern ours = ListPattern.of(pattern.toString());
            for (String name : new String[] {"a", "aa", "a/a", "a/", "/a", "aaaa", "a/a/a", "b"}) {
                assertThat(ours.matches(name))
                        .as(pattern + " " + name)
                        .isEqualTo(regex.matcher(name).matches());
            }
        }
    }

    @Test
    void wildcardsInANameAreCharacters() {
        assertThat(ListPattern.of("a").matches("*")).isFalse();
        assertThat(ListPattern.of("%").matches("*%")).isTrue();
    }

    @Test
    @Timeout(10)
    @Claim("ATK-50")
    void noPatternTakesLong() {
        String name = "a".repeat(999);
        ListPattern ladder = ListPattern.of("%*a".repeat(300) + "b");
        ListPattern long_ = ListPattern.of("a%".repeat(2_500));
        long start = Time.system().nanos();
        for (int i = 0; i < 1_000; i++) {
            assertThat(ladder.matches(name)).isFalse();
            assertThat(long_.matches(name)).isFalse();
        }
        assertThat(Duration.ofNanos(Time.system().nanos() - start))
                .isLessThan(Duration.ofSeconds(5));
    }
}
