package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.imap.internal.SequenceSet.Range;
import io.mailkeep.kernel.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence sets, RFC 9051 9. */
class SequenceSetTest {
    private static SequenceSet parse(String text) {
        Tokens tokens = Tokens.of(text);
        SequenceSet set = SequenceSet.parse(tokens, 5_000);
        tokens.end();
        return set;
    }

    @Test
    void rfcExampleOfFifteenMessages() {
        assertThat(parse("2,4:7,9,12:*").merged(15))
                .containsExactly(
                        new Range(2, 2), new Range(4, 7), new Range(9, 9), new Range(12, 15));
    }

    @Test
    void rfcExampleWithOverlapAndReversedStar() {
        assertThat(parse("*:4,5:7").merged(10)).containsExactly(new Range(4, 10));
    }

    @Test
    void aUidRangeBeyondTheLastMessageIncludesIt() {
        assertThat(parse("3291:*").merged(100)).containsExactly(new Range(100, 3291));
    }

    @Test
    @Claim("ATK-50")
    void theWidestRangeCostsOneRange() {
        assertThat(parse("1:4294967295").merged(7)).containsExactly(new Range(1, 4294967295L));
        assertThat(parse("*:*").merged(7)).containsExactly(new Range(7, 7));
    }

    @Test
    void theSavedResultStandsAlone() {
        assertThat(parse("$").saved()).isTrue();
        assertThatThrownBy(() -> parse("$,1")).isInstanceOf(BadCommand.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0:1", "1:", ":1", "1,", "4294967296", "-1", "1;2", "a"})
    void refused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(BadCommand.class);
    }

    @Test
    @Claim("ATK-50")
    void aHundredThousandItemsAreRefused() {
        String text = "1" + ",3".repeat(100_000);
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(BadCommand.class)
                .hasMessageContaining("Too many");
    }

    @Test
    void textIsTheShortest() {
        assertThat(SequenceSet.text(new long[] {1, 2, 3, 5, 7, 8})).isEqualTo("1:3,5,7:8");
        assertThat(SequenceSet.text(new long[0])).isEmpty();
        assertThat(SequenceSet.orderedText(List.of(9L, 3L, 4L))).isEqualTo("9,3:4");
    }
}
