package io.mailkeep.keys.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.keys.DataKey;
import io.mailkeep.keys.TamperedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The primitives against published vectors, and the ways of using them wrongly. */
class PrimitivesTest {
    private static final byte[] AAD = "place".getBytes(StandardCharsets.UTF_8);

    private final DataKey key = DataKey.fresh(Randomness.system());

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    @Claim("ACC-3")
    @DisplayName("RFC 9180: another implementation opens what we seal, and we what it seals")
    void hpkeOfAnother() throws InvalidCipherTextException {
        HPKE another =
                new HPKE(
                        HPKE.mode_base,
                        HPKE.kem_X25519_SHA256,
                        HPKE.kdf_HKDF_SHA256,
                        HPKE.aead_AES_GCM256);
        byte[] info = Framed.of("mailkeep copy keys").bytes();
        byte[] clear = Randomness.system().bytes(64);
        Hpke hpke = new Hpke();
        Hpke.Pair pair = hpke.generate();
        byte[] sealed = hpke.seal(pair.publicKey(), clear, AAD);
        assertThat(Arrays.copyOf(sealed, 2)).isEqualTo(new byte[] {0, 1});
        byte[] opened =
                another.setupBaseR(
                                Arrays.copyOfRange(sealed, 2, 34),
                                another.deserializePrivateKey(pair.secretKey(), pair.publicKey()),
                                info)
                        .open(AAD, Arrays.copyOfRange(sealed, 34, sealed.length));
        assertThat(opened).isEqualTo(clear);

        HPKEContextWithEncapsulation sender =
                another.setupBaseS(another.deserializePublicKey(pair.publicKey()), info);
        byte[] cipher = sender.seal(AAD, clear);
        byte[] theirs =
                ByteBuffer.allocate(34 + cipher.length)
                        .putShort((short) 1)
                        .put(sender.getEncapsulation())
                        .put(cipher)
                        .array();
        assertThat(hpke.open(pair.secretKey(), theirs, AAD)).isEqualTo(clear);
    }

    @Test
    @DisplayName("RFC 9106 5.3: Argon2id; verifiers that Debian's argon2 made match")
    void argon2Vector() {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(32)
                        .withIterations(3)
                        .withParallelism(4)
                        .withSalt(filled(16, 2))
                        .withSecret(filled(8, 3))
                        .withAdditional(filled(12, 4))
                        .build());
        byte[] tag = new byte[32];
        generator.generateBytes(filled(32, 1), tag);
        assertThat(tag)
                .isEqualTo(hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
        assertMatches(
                "mailkeep",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRvZm91cnM"
                        + "$UrfRAx4ddWaYmjF/shCRXsVhRkt9uluF/qJiYFOo9J0");
        assertMatches(
                "not the one",
                "$argon2id$v=19$m=8192,t=3,p=4$c2l4dGVlbiBieXRlcyBvaw"
                        + "$yS+LRXV2ZIiEMdiJu/1cEz6Xqv4JFsq9pmIWhvkwjf8");
    }

    private static void assertMatches(String password, String phc) {
        Passwords passwords = new Passwords(Randomness.system());
        Optional<byte[]> verifier = Optional.of(phc.getBytes(StandardCharsets.US_ASCII));
        assertThat(passwords.matches("ann", verifier, Secret.ofUtf8(password))).isTrue();
        assertThat(passwords.matches("ann", verifier, Secret.ofUtf8(password + "."))).isFalse();
    }

    @Test
    @Claim("ATK-68")
    @DisplayName("RFC 8265 4.2: another space and another composition are the same password")
    void passwordForms() {
        Passwords passwords = new Passwords(Randomness.system());
        Optional<byte[]> verifier = passwords.hash(Secret.ofUtf8("caf\u00e9 au lait"));
        assertThat(
                        passwords.matches(
                                "ann", verifier, Secret.ofUtf8("cafe\u0301\u00a0au\u3000lait")))
                .isTrue();
        assertThat(passwords.matches("ann", verifier, Secret.ofUtf8("cafe au lait"))).isFalse();
        assertThat(passwords.matches("ann", Optional.empty(), Secret.ofUtf8("cafe au lait")))
                .isFalse();
        assertThat(passwords.hash(Secret.ofUtf8(""))).isEmpty();
        assertThat(passwords.hash(Secret.ofUtf8("a\tb"))).isEmpty();
        assertThat(passwords.hash(Secret.ofUtf8("x".repeat(1025)))).isEmpty();
        assertThat(passwords.matches("ann", verifier, Secret.ofUtf8("x".repeat(1025)))).isFalse();
    }

    @Test
    @Claim("ATK-100")
    @DisplayName("A value opens only whole, with its key and at its place")
    void values() {
        byte[] clear = "subject".getBytes(StandardCharsets.UTF_8);
        byte[] sealed = key.seal(clear, AAD);
        assertThat(sealed).hasSize(clear.length + DataKey.SEAL_OVERHEAD);
        assertThat(key.open(sealed, AAD)).isEqualTo(clear);
        assertThat(key.seal(clear, AAD)).isNotEqualTo(sealed);
        assertClosed(() -> key.open(sealed, new byte[] {1}));
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertClosed(() -> key.open(cut, AAD));
        }
        assertClosed(() -> key.derive("other").open(sealed, AAD));
        assertClosed(() -> DataKey.fresh(Randomness.system()).open(sealed, AAD));
        sealed[sealed.length - 1] ^= 1;
        assertClosed(() -> key.open(sealed, AAD));
    }

    @Test
    @Claim("ATK-100")
    @DisplayName("A chunk opens only at its number, and the last one only as the last")
    void chunks() {
        byte[] clear = new byte[100];
        byte[] chunk = key.sealChunk(7, false, clear, 0, clear.length, AAD);
        assertThat(chunk).hasSize(clear.length + DataKey.CHUNK_OVERHEAD);
        assertThat(key.openChunk(7, false, chunk, AAD)).isEqualTo(clear);
        assertClosed(() -> key.openChunk(8, false, chunk, AAD));
        assertClosed(() -> key.openChunk(7, true, chunk, AAD));
        assertClosed(() -> key.openChunk(7 << 8, false, chunk, AAD));
        assertThatThrownBy(() -> key.sealChunk(1L << 32, false, clear, 0, 1, AAD))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Claim({"ACC-4", "ATK-106"})
    @DisplayName("A key prints as [key], and its keyed hashes and derived keys differ by purpose")
    void opaque() {
        assertThat(key.toString()).isEqualTo("[key]");
        assertThat(key.mac(AAD)).hasSize(32).isEqualTo(key.mac(AAD));
        assertThat(key.derive("a").mac(AAD)).isNotEqualTo(key.derive("b").mac(AAD));
    }

    @Test
    @Claim("ATK-105")
    @DisplayName("A low-order public key is refused; a sealed copy with another suite is, too")
    void badPoints() {
        Hpke hpke = new Hpke();
        assertClosed(() -> hpke.seal(new byte[32], new byte[64], AAD));
        Hpke.Pair pair = hpke.generate();
        byte[] sealed = hpke.seal(pair.publicKey(), new byte[64], AAD);
        assertThat(hpke.open(pair.secretKey(), sealed, AAD)).isEqualTo(new byte[64]);
        assertClosed(() -> hpke.open(pair.secretKey(), sealed, new byte[0]));
        assertClosed(() -> hpke.open(hpke.generate().secretKey(), sealed, AAD));
        byte[] lowOrder = sealed.clone();
        Arrays.fill(lowOrder, 2, 34, (byte) 0);
        assertClosed(() -> hpke.open(pair.secretKey(), lowOrder, AAD));
        sealed[1] = 9;
        assertClosed(() -> hpke.open(pair.secretKey(), sealed, AAD));
    }

    private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable open) {
        assertThatThrownBy(open).isInstanceOf(TamperedException.class);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
