package io.mailkeep.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Claim({"ACC-1", "ATK-69"})
class PasswordsTest {
    private static Secret secret(String text) {
        return Secret.ofUtf8(text);
    }

    @Test
    void generatedOnesAreReadableAndStrong() {
        Set<String> seen = new HashSet<>();
        Set<Integer> signs = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String text =
                    new String(
                            Passwords.generated(Randomness.system()).exposeSecretBytes(),
                            StandardCharsets.UTF_8);
            assertThat(text).matches("([2-9a-hj-km-np-z]{4}-){4}[2-9a-hj-km-np-z]{4}");
            assertThat(Passwords.acceptable(secret(text))).isInstanceOf(Outcome.Done.class);
            seen.add(text);
            text.chars().filter(c -> c != '-').forEach(signs::add);
        }
        assertThat(seen).hasSize(500);
        assertThat(20 * Math.log(signs.size()) / Math.log(2)).isGreaterThan(95);
    }

    @ParameterizedTest
    @CsvSource({
        "caf\u00e9 caf\u00e9, cafe\u0301 cafe\u0301",
        "pass word word, pass\u00a0word\u3000word",
    })
    void keyboardsDontMatter(String one, String other) {
        assertThat(Passwords.prepared(secret(one))).isEqualTo(Passwords.prepared(secret(other)));
    }

    @Test
    void caseAndWidthMatter() {
        assertThat(Passwords.prepared(secret("passwordA")))
                .isNotEqualTo(Passwords.prepared(secret("passworda")));
        assertThat(Passwords.prepared(secret("ａ"))).isNotEqualTo(Passwords.prepared(secret("a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
                "with a \0 inside",
                "with a \n inside",
                "with a \u007f inside",
                "with a \u0085 inside",
                "with a \u009f inside"
            })
    void refuses(String password) {
        assertThat(Passwords.acceptable(secret(password))).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void refusesWhatIsTooShortOrTooLongOrNoText() {
        assertThat(Passwords.acceptable(secret("0123456789"))).isInstanceOf(Outcome.Done.class);
        assertThat(Passwords.acceptable(secret("012345678"))).isInstanceOf(Outcome.Refused.class);
        assertThat(Passwords.acceptable(secret("x".repeat(1_024))))
                .isInstanceOf(Outcome.Done.class);
        assertThat(Passwords.acceptable(secret("x".repeat(1_025))))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(Passwords.acceptable(secret("0123456789\u00a0\u00e9")))
                .as("not each character whose UTF-8 begins with c2 is a control character")
                .isInstanceOf(Outcome.Done.class);
        assertThat(Passwords.prepared(secret("x".repeat(1_000_000)))).isEmpty();
        byte[] noText = "0123456789\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Passwords.prepared(Secret.owning(noText))).isEmpty();
        assertThat(Passwords.prepared(secret(""))).isEmpty();
    }
}
