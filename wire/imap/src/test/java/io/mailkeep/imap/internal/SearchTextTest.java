package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Text search, dates of the Date field, and picking header fields. */
class SearchTextTest {
    @Test
    void findsWhateverTheCase() throws IOException {
        assertThat(new TextFinder("ÄB").isIn("xäby")).isTrue();
        assertThat(new TextFinder("aab").isIn("aaab")).isTrue();
        assertThat(new TextFinder("abab").isIn("abaabab")).isTrue();
        assertThat(new TextFinder("").isIn("")).isTrue();
        assertThat(new TextFinder("a").isIn("")).isFalse();
        String text = "x".repeat(8_190) + "needle" + "x".repeat(100);
        assertThat(new TextFinder("NEEDLE").isIn(new StringReader(text))).isTrue();
    }

    @Test
    @Timeout(10)
    @Claim("ATK-50")
    void noNeedleTakesLong() throws IOException {
        TextFinder finder = new TextFinder("a".repeat(20_000) + "b");
        assertThat(finder.isIn(new StringReader("a".repeat(10_000_000)))).isFalse();
    }

    @Test
    void daysAsMailWritesThem() {
        assertThat(SentDate.parse("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"))
                .contains(LocalDate.of(1996, 7, 17));
        assertThat(SentDate.parse("1 Feb 05 00:00 GMT")).contains(LocalDate.of(2005, 2, 1));
        assertThat(SentDate.parse("31 Feb 2005")).isEmpty();
        assertThat(SentDate.parse("")).isEmpty();
    }

    private static String pick(String header, boolean pick, String... names) throws IOException {
        SectionName.Kind kind = pick ? SectionName.Kind.FIELDS : SectionName.Kind.FIELDS_NOT;
        FieldFilter filter = FieldFilter.of(new SectionName(List.of(), kind, List.of(names)));
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        filter.copy(new ByteArrayInputStream(header.getBytes(StandardCharsets.ISO_8859_1)), kept);
        return kept.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void fieldsArePickedWithTheirFoldsAndTheEmptyLine() throws IOException {
        String header = "A: 1\r\n x\r\nB: 2\r\nb : 3\r\njunk\r\nC: 4\r\n\r\n";
        assertThat(pick(header, true, "a")).isEqualTo("A: 1\r\n x\r\n\r\n");
        assertThat(pick(header, true, "B")).isEqualTo("B: 2\r\nb : 3\r\n\r\n");
        assertThat(pick(header, true, "none")).isEqualTo("\r\n");
        assertThat(pick(header, false, "a", "b")).isEqualTo("junk\r\nC: 4\r\n\r\n");
        assertThat(pick("A: 1\r\n", true, "a")).isEqualTo("A: 1\r\n");
        assertThat(pick("A:" + "x".repeat(5_000) + "\r\n\r\n", true, "a")).hasSize(5_006);
    }
}
