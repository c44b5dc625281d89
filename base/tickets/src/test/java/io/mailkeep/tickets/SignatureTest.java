package io.mailkeep.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.Ed25519Vectors;
import io.mailkeep.testing.sim.Wycheproof;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Ed25519 (RFC 8032) as tickets are checked with it, against published vectors. */
@Claim({"DAT-3", "ATK-81"})
class SignatureTest {
    @ParameterizedTest
    @FieldSource("io.mailkeep.testing.sim.Ed25519Vectors#RFC_8032")
    void theVectorsOfTheStandardVerifyAndNoChangedOne(Ed25519Vectors.Vector vector)
            throws Exception {
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
    void everyWycheproofVector() throws Exception {
        List<Wycheproof.Vector> vectors = Wycheproof.vectors("ed25519_test");
        assertThat(vectors).hasSizeGreaterThan(100);
        for (Wycheproof.Vector one : vectors) {
            assertThat(verifies(one.publicKey(), one.bytes("msg"), one.bytes("sig")))
                    .as("%s", one)
                    .isEqualTo(one.valid());
        }
    }

    private static boolean verifies(byte[] key, byte[] signed, byte[] signature)
            throws GeneralSecurityException {
        // SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 4)
        byte[] head = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] encoded = Arrays.copyOf(head, head.length + key.length);
        System.arraycopy(key, 0, encoded, head.length, key.length);
        PublicKey open =
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        return TicketCodec.verifies(open, signed, signature);
    }
}
