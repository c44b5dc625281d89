package io.mailkeep.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Notes, checkpoints and verifier keys: nothing unsigned opens, what is read prints the same. */
@Claim({"DAT-6", "ATK-111"})
class NoteFuzzTest implements FuzzTarget {
    /** RFC 8032 7.1, TEST 1. */
    private static final String KEY =
            Note.verifierKey(
                    "log.example",
                    Base64.getDecoder().decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));

    private final Note.Verifier verifier = Note.Verifier.parse(KEY);

    @Override
    public void one(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        assertThat(Note.open(text, verifier)).isEmpty();
        Optional<Checkpoint> checkpoint = Checkpoint.parse(text);
        checkpoint.ifPresent(one -> assertThat(one.text()).isEqualTo(text));
        // as a note of this key in form, so that what stands behind the name is looked at
        byte[] line = new byte[68];
        System.arraycopy(verifier.id(), 0, line, 0, 4);
        System.arraycopy(input, 0, line, 4, Math.min(64, input.length));
        String signature = Base64.getEncoder().encodeToString(line);
        String note = text + "\n\n\u2014 log.example " + signature + "\n";
        assertThat(Note.open(note, verifier)).isEmpty();
        assertThat(Note.checkpoint(note, verifier)).isEmpty();
        try {
            Note.Verifier one = Note.Verifier.parse(text);
            String[] parts = text.strip().split("\\+", 3);
            byte[] raw = Base64.getDecoder().decode(parts[2]);
            byte[] key = java.util.Arrays.copyOfRange(raw, 1, raw.length);
            assertThat(Note.verifierKey(one.name(), key)).isEqualTo(text.strip());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotNull();
        }
    }
}
