package io.mailkeep.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.Ed25519Vectors;
import io.mailkeep.testing.sim.Wycheproof;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Ed25519 (RFC 8032) as checkpoints are checked with it, against published vectors. */
@Claim({"DAT-6", "ATK-111"})
class NoteSignatureTest {
    @ParameterizedTest
    @FieldSource("io.mailkeep.testing.sim.Ed25519Vectors#RFC_8032")
    void theVectorsOfTheStandardVerifyAndNoChangedOne(Ed25519Vectors.Vector vector) {
        assertThat(verifies(vector.key(), vector.message(), vector.signature())).isTrue();
        for (var changed : Ed25519Vectors.changed(vector.signature()).entrySet()) {
            assertThat(verifies(vector.key(), vector.message(), changed.getValue()))
                    .as(changed.getKey())
                    .isFalse();
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = Wycheproof.FOLDER,
            matches = ".+",
            disabledReason = Wycheproof.SKIPPED)
    void everyWycheproofVector() {
        List<Wycheproof.Vector> vectors = Wycheproof.vectors("ed25519_test");
        assertThat(vectors).hasSizeGreaterThan(100);
        for (Wycheproof.Vector one : vectors) {
            assertThat(verifies(one.publicKey(), one.bytes("msg"), one.bytes("sig")))
                    .as("%s", one)
                    .isEqualTo(one.valid());
        }
    }

    private static boolean verifies(byte[] key, byte[] text, byte[] signature) {
        return Note.Verifier.parse(Note.verifierKey("vectors.example", key))
                .verifies(text, signature);
    }
}
