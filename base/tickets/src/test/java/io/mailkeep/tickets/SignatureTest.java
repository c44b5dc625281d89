package io.mailkeep.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** Ed25519 (RFC 8032) as tickets are checked with it, against published vectors. */
@Claim({"DAT-3", "ATK-81"})
class SignatureTest {
    /** Public key, message, signature (RFC 8032 7.1, TEST 1 to 3). */
    static final List<Arguments> RFC_8032 =
            List.of(
                    Arguments.of(
                            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                            "",
                            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
                    Arguments.of(
                            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                            "72",
                            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
                    Arguments.of(
                            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                            "af82",
                            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"));

    @ParameterizedTest
    @FieldSource("RFC_8032")
    void theVectorsOfTheStandardVerifyAndNoChangedOne(String key, String message, String signature)
            throws Exception {
        byte[] open = HexFormat.of().parseHex(key);
        byte[] text = HexFormat.of().parseHex(message);
        byte[] good = HexFormat.of().parseHex(signature);
        assertThat(verifies(open, text, good)).isTrue();
        for (int bit = 0; bit < good.length * 8; bit += 7) {
            byte[] changed = good.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verifies(open, text, changed)).as("bit %d", bit).isFalse();
        }
        assertThat(verifies(open, text, malleable(good))).as("s + L").isFalse();
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
            byte[] key =
                    HexFormat.of()
                            .parseHex(one.group().required("publicKey").required("pk").asString());
            assertThat(verifies(key, one.bytes("msg"), one.bytes("sig")))
                    .as("%s", one)
                    .isEqualTo(one.valid());
        }
    }

    /** The same signature with the group's order added to its second half (RFC 8032 8.4). */
    private static byte[] malleable(byte[] signature) {
        byte[] order =
                HexFormat.of()
                        .parseHex(
                                "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        byte[] out = signature.clone();
        int carry = 0;
        for (int at = 0; at < 32; at++) {
            int sum = (out[32 + at] & 0xff) + (order[at] & 0xff) + carry;
            out[32 + at] = (byte) sum;
            carry = sum >> 8;
        }
        return out;
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
