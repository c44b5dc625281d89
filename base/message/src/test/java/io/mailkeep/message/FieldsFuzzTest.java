package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Header blocks, encoded words, transfer encodings: bounded, and no line break comes out. */
@Claim({"ATK-16", "ATK-34", "ATK-39"})
class FieldsFuzzTest implements FuzzTarget {
    private static final OutlineLimits LIMITS = new OutlineLimits(6, 20, 1_024, 10);

    @Override
    public void one(byte[] input) throws IOException {
        HeaderBlock block = HeaderBlock.of(new ByteArrayInputStream(input), LIMITS);
        assertThat(block.fields()).hasSizeLessThanOrEqualTo(10);
        assertThat(block.end()).isBetween(0L, (long) input.length);
        long last = 0;
        for (HeaderField field : block.fields()) {
            assertThat(field.start()).isBetween(last, block.end());
            assertThat(field.valueStart()).isBetween(field.start(), field.end());
            last = field.end();
            String value = block.value(field);
            assertThat(value).doesNotContain("\r", "\n", "\0");
            assertThat(block.raw(field).length).isLessThanOrEqualTo(1_024 + 2);
            words(value);
        }
        words(new String(input, StandardCharsets.UTF_8));
        for (String encoding : List.of("base64", "quoted-printable", "x-unknown")) {
            try (InputStream in =
                    TransferDecoder.decode(new ByteArrayInputStream(input), encoding)) {
                assertThat(in.readAllBytes().length).isLessThanOrEqualTo(input.length + 2);
            }
        }
    }

    private static void words(String text) {
        String decoded = EncodedWords.decode(text);
        assertThat(decoded.codePoints()).noneMatch(Character::isISOControl);
        assertThat(decoded.length()).isLessThanOrEqualTo(4 * text.length() + 16);
    }
}
