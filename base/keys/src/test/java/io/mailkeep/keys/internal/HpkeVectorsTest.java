package io.mailkeep.keys.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Framed;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.testing.sim.Wycheproof;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Published vectors of X25519 and HPKE through the house's own sealing and opening. */
@Claim({"ACC-3", "ATK-105"})
class HpkeVectorsTest {
    private static final byte[] AAD = "place".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLEAR =
            "two keys of thirty-two bytes".getBytes(StandardCharsets.UTF_8);
    private static final byte[] INFO = Framed.of("mailkeep copy keys").bytes();

    /**
     * Every u-coordinate that a multiple of eight takes to zero: the points of order 1, 2, 4 and 8
     * of the curve and its twist, those that reduce to them, and each with the bit that RFC 7748 5
     * masks.
     */
    static final List<String> LOW_ORDER =
            List.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    private final Hpke hpke = new Hpke();

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    @DisplayName("RFC 9180 A.1.1: what seals by hand in these tests computes as the standard does")
    void byHandAsTheStandard() throws GeneralSecurityException {
        byte[] recipient = hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
        byte[] enc = hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
        byte[] dh = new byte[32];
        new X25519PrivateKeyParameters(
                        hex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"))
                .generateSecret(new X25519PublicKeyParameters(recipient), dh, 0);
        HpkeByHand context =
                HpkeByHand.of(
                        1, dh, enc, recipient, hex("4f6465206f6e2061204772656369616e2055726e"));
        assertThat(context.key()).isEqualTo(hex("4531685d41d65f03dc48f6b8302c05b0"));
        assertThat(context.nonce()).isEqualTo(hex("56d890e5accaaf011cff4b7d"));
        assertThat(
                        context.seal(
                                hex("4265617574792069732074727574682c20747275746820626561757479"),
                                hex("436f756e742d30")))
                .isEqualTo(
                        hex(
                                "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
                                        + "6d8770ac83d07bea87e13c512a"));
    }

    @ParameterizedTest
    @DisplayName("RFC 7748 5.2 and 6.1: a copy opens with the scalar to the point's shared secret")
    @CsvSource({
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a,"
                + "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f,"
                + "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb,"
                + "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a,"
                + "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    })
    void theVectorsOfX25519(String scalar, String point, String shared)
            throws GeneralSecurityException {
        assertThat(hpke.open(hex(scalar), sealed(scalar, point, shared), AAD)).isEqualTo(CLEAR);
        String wrong = (shared.startsWith("0") ? "1" : "0") + shared.substring(1);
        byte[] other = sealed(scalar, point, wrong);
        assertThatThrownBy(() -> hpke.open(hex(scalar), other, AAD))
                .isInstanceOf(TamperedException.class);
    }

    @ParameterizedTest
    @DisplayName("RFC 7748 6.1, RFC 9180 7.1.4: a low-order point is refused, sealing and opening")
    @FieldSource("LOW_ORDER")
    void lowOrder(String point) throws GeneralSecurityException {
        Hpke.Pair pair = hpke.generate();
        String scalar = HexFormat.of().formatHex(pair.secretKey());
        byte[] masked = hex(point);
        masked[31] |= (byte) 0x80;
        for (byte[] form : List.of(hex(point), masked)) {
            assertThatThrownBy(() -> hpke.seal(form, CLEAR, AAD))
                    .isInstanceOf(TamperedException.class);
            // what anybody could seal who knows that the shared secret will be zero
            byte[] forged = sealed(scalar, HexFormat.of().formatHex(form), "00".repeat(32));
            assertThatThrownBy(() -> hpke.open(pair.secretKey(), forged, AAD))
                    .isInstanceOf(TamperedException.class);
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = Wycheproof.FOLDER,
            matches = ".+",
            disabledReason = Wycheproof.SKIPPED)
    void everyWycheproofVector() throws GeneralSecurityException {
        List<Wycheproof.Vector> vectors = Wycheproof.vectors("x25519_test");
        assertThat(vectors).hasSizeGreaterThan(400);
        List<String> wrong = new ArrayList<>();
        for (Wycheproof.Vector one : vectors) {
            String shared = one.test().required("shared").asString();
            byte[] sealed =
                    sealed(
                            one.test().required("private").asString(),
                            one.test().required("public").asString(),
                            shared);
            boolean opens;
            try {
                opens = Arrays.equals(CLEAR, hpke.open(one.bytes("private"), sealed, AAD));
            } catch (TamperedException refused) {
                opens = false;
            }
            if (opens == shared.matches("0*")) {
                wrong.add(one.toString());
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** A copy sealed for this scalar by somebody whose key was this point. */
    private static byte[] sealed(String scalar, String point, String shared)
            throws GeneralSecurityException {
        byte[] recipient =
                new X25519PrivateKeyParameters(hex(scalar)).generatePublicKey().getEncoded();
        byte[] cipher = HpkeByHand.of(2, hex(shared), hex(point), recipient, INFO).seal(CLEAR, AAD);
        return ByteBuffer.allocate(2 + 32 + cipher.length)
                .putShort((short) Hpke.SUITE)
                .put(hex(point))
                .put(cipher)
                .array();
    }
}
