package io.mailkeep.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.identity.Guesses;
import io.mailkeep.kernel.Claim;
import io.mailkeep.message.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GuessNoticesTest {
    @Test
    @Claim("ATK-65")
    void itSaysWhenAndHowOftenAndLinksToNothing() {
        String text =
                GuessNotices.text(
                        new Guesses(
                                new EmailAddress("ann", "example.test"),
                                20,
                                Duration.ofMinutes(15),
                                Instant.parse("2026-12-01T12:34:56Z")));
        assertThat(text)
                .contains("20 times within 15 minutes", "1 December 2026, 12:34 (UTC)")
                .contains("up to 15 minutes", "If it wasn't you")
                .doesNotContain("http", "www", "@", "%");
        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
        assertThat(text.getBytes(StandardCharsets.US_ASCII)).hasSize(text.length());
    }
}
