package io.mailkeep.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folder names have one form (RFC 9051 5.1, RFC 5198 2). */
class FolderNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                "a\u0000b",
                "a\rb",
                "a\u007f",
                "a\u0085",
                "a\u200bb",
                "a\u202eb",
                "a\u2066b",
                "\ufeffa",
                "a\u2028b",
                "a\u00adb",
                "a\ud800",
                "\udc00a",
                "a\u3164",
                "a\ufffe"
            })
    @Claim("ATK-53")
    void refuses(String text) {
        assertThat(FolderName.parse(text)).isEmpty();
    }

    @Test
    void namesAreOneForm() {
        assertThat(FolderName.parse("iNbOx")).contains(FolderName.INBOX);
        assertThat(FolderName.parse("inbox/x").orElseThrow().value()).isEqualTo("INBOX/x");
        assertThat(FolderName.parse("inboxes").orElseThrow().value()).isEqualTo("inboxes");
        assertThat(FolderName.parse("Cafe\u0301")).isEqualTo(FolderName.parse("Caf\u00e9"));
        assertThat(FolderName.parse("a/../b").orElseThrow().levels())
                .isEqualTo(List.of("a", "..", "b"));
        assertThat(FolderName.parse("收件箱/❤️ & Ünï")).isPresent();
    }

    @Test
    void limits() {
        assertThat(FolderName.parse("a".repeat(1_000))).isPresent();
        assertThat(FolderName.parse("a".repeat(1_001))).isEmpty();
        assertThat(FolderName.parse("\u00e9".repeat(501))).isEmpty();
        // NFC makes three characters of each: within the limit before, beyond it after.
        assertThat(FolderName.parse("\ufb2c".repeat(300))).isEmpty();
        assertThat(FolderName.parse("a" + "/a".repeat(31))).isPresent();
        assertThat(FolderName.parse("a" + "/a".repeat(32))).isEmpty();
    }

    @Test
    void relatives() {
        FolderName name = FolderName.parse("a/b/c").orElseThrow();
        assertThat(name.parent()).isEqualTo(FolderName.parse("a/b"));
        assertThat(FolderName.INBOX.parent()).isEmpty();
        assertThat(name.isBelow(FolderName.parse("a").orElseThrow())).isTrue();
        assertThat(name.isBelow(name)).isFalse();
        assertThat(
                        FolderName.parse("ab")
                                .orElseThrow()
                                .isBelow(FolderName.parse("a").orElseThrow()))
                .isFalse();
        assertThat(name).hasToString("[folder]");
    }
}
