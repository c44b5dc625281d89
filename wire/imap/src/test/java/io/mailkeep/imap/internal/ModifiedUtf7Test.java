package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folder names of IMAP4rev1, RFC 9051 A.1. */
@Claim("ATK-53")
class ModifiedUtf7Test {
    @Test
    void rfcExample() {
        String name = "~peter/mail/台北/日本語";
        assertThat(ModifiedUtf7.encode(name)).isEqualTo("~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assertThat(ModifiedUtf7.decode("~peter/mail/&U,BTFw-/&ZeVnLIqe-")).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a&b", "Entwürfe", "😀/x", "a", "", "&", "&&", "ö&ö"})
    void roundTrip(String name) {
        assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(name))).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&Jjo!", // no shift back
                "&U,BTFw-&ZeVnLIqe-", // superfluous shift
                "&AGEAYg-", // ASCII in base64
                "&U,BTFx-", // bits left over
                "&U", // unfinished
                "&2D0-", // half a surrogate pair
                "&&-", // shift within a shift
                "ü", // 8 bit
                "&AA=-"
            })
    void whatIsNotCanonicalIsNoName(String wire) {
        assertThat(ModifiedUtf7.decode(wire)).isEmpty();
    }
}
