package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.imap.internal.CommandReader.Announced;
import io.mailkeep.kernel.Claim;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar's tokens, sections and search keys, RFC 9051 9. */
class TokensTest {
    private static final ImapLimits LIMITS = ImapLimits.standard();

    @Test
    void theFormsOfAString() {
        assertThat(Tokens.of("abc]").astring()).isEqualTo("abc]");
        assertThat(Tokens.of("\"a \\\"b\\\\\"").astring()).isEqualTo("a \"b\\");
        byte[] literal = "ä {1}\r\n".getBytes(StandardCharsets.UTF_8);
        Tokens tokens =
                new Tokens(List.of(new byte[0], literal, " x".getBytes(StandardCharsets.UTF_8)));
        assertThat(tokens.astring()).isEqualTo("ä {1}\r\n");
        tokens.space();
        assertThat(tokens.atom()).isEqualTo("x");
        tokens.end();
    }

    @ParameterizedTest
    @Claim("ATK-49")
    @ValueSource(strings = {"\"abc", "\"a\\b\"", "(", "ä", "{10", "{-1}", "", " a"})
    void malformedStrings(String text) {
        assertThatThrownBy(() -> Tokens.of(text).astring()).isInstanceOf(BadCommand.class);
    }

    @Test
    void brokenUtf8IsRefused() {
        Tokens tokens = new Tokens(List.of(new byte[0], new byte[] {(byte) 0xC3}, new byte[0]));
        assertThatThrownBy(tokens::astring).isInstanceOf(BadCommand.class);
    }

    private static java.util.Optional<Announced> announced(String line) {
        return CommandReader.announced(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    @Claim("ATK-48")
    void announcedLiterals() {
        assertThat(announced("a LOGIN {5}")).contains(new Announced(false, 5, true));
        assertThat(announced("a LOGIN {5+}")).contains(new Announced(false, 5, false));
        assertThat(announced("a APPEND x ~{5}")).contains(new Announced(true, 5, true));
        assertThat(announced("a {9223372036854775808}"))
                .contains(new Announced(false, Long.MAX_VALUE, true));
        assertThat(announced("a {-1}")).isEmpty();
        assertThat(announced("a {}")).isEmpty();
        assertThat(announced("a {10")).isEmpty();
    }

    private static SectionName section(String text) {
        Tokens tokens = Tokens.of(text);
        SectionName section = SectionName.parse(tokens, LIMITS);
        tokens.end();
        return section;
    }

    @Test
    void sections() {
        assertThat(section("[]")).isEqualTo(SectionName.WHOLE);
        assertThat(section("[1.2.mime]").kind()).isEqualTo(SectionName.Kind.MIME);
        assertThat(section("[4.2.HEADER.FIELDS.NOT (a \"b\")]"))
                .isEqualTo(
                        new SectionName(
                                List.of(4, 2), SectionName.Kind.FIELDS_NOT, List.of("a", "b")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[MIME]",
                "[0]",
                "[1.]",
                "[.1]",
                "[1.0]",
                "[TEXT.1]",
                "[HEADER.FIELDS ()]",
                "[x]"
            })
    void malformedSections(String text) {
        assertThatThrownBy(() -> section(text)).isInstanceOf(BadCommand.class);
    }

    @Test
    @Claim("ATK-51")
    void limitsOfFetch() {
        assertThatThrownBy(() -> section("[1" + ".1".repeat(500) + "]"))
                .isInstanceOf(BadCommand.class);
        String many = "(BODY[]" + " BODY[]".repeat(999) + ")";
        assertThatThrownBy(() -> FetchItem.parse(Tokens.of(many), LIMITS))
                .isInstanceOf(BadCommand.class);
        assertThatThrownBy(() -> FetchItem.parse(Tokens.of("BODY[]<0.0>"), LIMITS))
                .isInstanceOf(BadCommand.class);
        assertThat(FetchItem.parse(Tokens.of("BODY[]<4294967295.1>"), LIMITS)).hasSize(1);
    }

    private static SearchKey search(String text) {
        return new SearchParser(Tokens.of(text), LIMITS).program();
    }

    @Test
    @Claim("ATK-50")
    void limitsOfSearch() {
        assertThatThrownBy(() -> search("(".repeat(1_000) + "ALL" + ")".repeat(1_000)))
                .isInstanceOf(BadCommand.class);
        assertThatThrownBy(() -> search("NOT ".repeat(1_000) + "ALL"))
                .isInstanceOf(BadCommand.class);
        assertThatThrownBy(() -> search("OR ALL ".repeat(1_000) + "ALL"))
                .isInstanceOf(BadCommand.class);
        assertThatThrownBy(() -> search("ALL" + " ALL".repeat(1_000)))
                .isInstanceOf(BadCommand.class);
        assertThat(search("NOT ".repeat(30) + "ALL")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "FOO",
                "BEFORE 1-Foo-2020",
                "BEFORE 31-Feb-2020",
                "OR ALL",
                "NOT",
                "UID",
                "LARGER -1",
                "KEYWORD \\Seen",
                "()",
                "ALL  ALL",
                "HEADER Subject",
                "SINCE 2020-01-01"
            })
    void malformedSearches(String text) {
        assertThatThrownBy(() -> search(text)).isInstanceOf(BadCommand.class);
    }
}
