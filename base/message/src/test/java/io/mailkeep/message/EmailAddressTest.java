package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses have one form: host names by RFC 1123 2.1 and RFC 5891, details by RFC 5233. */
@Claim({"ATK-11", "ATK-90"})
class EmailAddressTest {
    private static EmailAddress parsed(String text) {
        return EmailAddress.parse(text).orElseThrow(() -> new AssertionError("refused: " + text));
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.test, ann@example.test",
        "Ann@EXAMPLE.Test, Ann@example.test",
        "'\"ann\"@example.test', ann@example.test",
        "'\"a\\nn\"@example.test', ann@example.test",
        "'\"ann x\"@example.test', '\"ann x\"@example.test'",
        "'\"a\\\"b\"@example.test', '\"a\\\"b\"@example.test'",
        "a%b.test@example.test, a%b.test@example.test",
        "b.test!a@example.test, b.test!a@example.test",
        "ann@bücher.test, ann@xn--bcher-kva.test",
        "ann@ＥＸＡＭＰＬＥ.test, ann@example.test",
        "ann@example。test, ann@example.test",
        "'\"x@y\"@example.test', '\"x@y\"@example.test'",
        "jose\u0301@example.test, jos\u00e9@example.test",
    })
    void hasOneForm(String given, String form) {
        assertThat(parsed(given).text()).isEqualTo(form);
        assertThat(parsed(form)).isEqualTo(parsed(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ann",
                "@example.test",
                "ann@",
                "@a.test,@b.test:ann@example.test",
                "<ann@example.test>",
                "ann@example.test.",
                "ann@.example.test",
                "ann@example..test",
                "ann@[127.0.0.1]",
                "ann@[IPv6:::1]",
                "ann@127.0.0.1",
                "ann@exa_mple.test",
                "ann@-example.test",
                "ann@example\u200b.test",
                "ann@exa\u00admple.test",
                "ann@straße.test",
                "ann@STRA\u1e9eE.test",
                "ann@\u03c3\u03bf\u03c6\u03cc\u03c2.test",
                "a\u3164nn@example.test",
                "a\ufe0fnn@example.test",
                "a\udb40\udd00nn@example.test",
                "a\u034fnn@example.test",
                "ann\u200b@example.test",
                "ann\u0000@example.test",
                "\"ann\r\n\"@example.test",
                "\"ann\\\r\"@example.test",
                "\"ann\\\u0000\"@example.test",
                "\"ann\u0085\"@example.test",
                "\"\"@example.test",
                "\"ann@example.test",
                "\"a\"b\"@example.test",
                "\"ann\\\"@example.test",
                ".ann@example.test",
                "ann.@example.test",
                "a..n@example.test",
                "a n@example.test",
                "a(n)@example.test",
                "a,n@example.test",
                "ann@example.test ",
                "ann@exa mple.test",
                "ann\ud800@example.test",
                "ann@example.test\r\nRCPT TO:<x@y>",
            })
    void refuses(String text) {
        assertThat(EmailAddress.parse(text)).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(EmailAddress.parse("a".repeat(64) + "@example.test")).isPresent();
        assertThat(EmailAddress.parse("a".repeat(65) + "@example.test")).isEmpty();
        assertThat(EmailAddress.parse("é".repeat(33) + "@example.test")).isEmpty();
        assertThat(EmailAddress.parse("a".repeat(10_000) + "@example.test")).isEmpty();
        assertThat(EmailAddress.parse("a@" + "a.".repeat(5_000) + "test")).isEmpty();
        assertThat(EmailAddress.parse("a@" + "a".repeat(64) + ".test")).isEmpty();
        String domain = ("a".repeat(62) + ".").repeat(3) + "a".repeat(64 - 9) + ".test";
        assertThat(EmailAddress.parse("a".repeat(4) + "@" + domain)).isPresent();
        assertThat(EmailAddress.parse("a".repeat(5) + "@" + domain)).isEmpty();
        // few letters, but 252 and 283 octets as A-labels (RFC 5891 4.4)
        String label = "\u00fc\u4e2d\u0431".repeat(5) + ".";
        assertThat(EmailAddress.canonicalDomain(label.repeat(8) + "test")).isPresent();
        assertThat(EmailAddress.canonicalDomain(label.repeat(9) + "test")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.test, ANN@example.test",
        "ann@example.test, ａｎｎ@example.test",
        "ann@example.test, ann+list@example.test",
        "ann@example.test, ann+@example.test",
        "jos\u00e9@example.test, JOSE\u0301@example.test",
        "\u03c3\u03bf\u03c6\u03cc\u03c2@example.test, \u03a3\u039f\u03a6\u038c\u03a3@example.test",
        "fi@example.test, \ufb01@example.test",
    })
    void lookUpTheSame(String one, String other) {
        assertThat(parsed(one).lookupForm()).isEqualTo(parsed(other).lookupForm());
    }

    @Test
    void knowsDetailAndLooks() {
        assertThat(parsed("ann+a+b@example.test").detail()).contains("a+b");
        assertThat(parsed("+ann@example.test").detail()).isEmpty();
        assertThat(parsed("+ann@example.test").lookupForm()).isEqualTo("+ann@example.test");
        assertThat(parsed("ann@xn--bcher-kva.test").display()).isEqualTo("ann@bücher.test");
        assertThat(parsed("ann@example.test")).hasToString("[address]");
        assertThat(parsed("jos\u00e9@example.test").international()).isTrue();
        assertThat(parsed("ann@example.test").international()).isFalse();
    }
}
