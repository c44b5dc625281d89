package io.mailkeep.keys.internal;

import io.mailkeep.kernel.Framed;
import io.mailkeep.keys.TamperedException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;

/**
 * Sealing to a public key (RFC 9180, base mode) so that who sealed can't open: {@code ACC-3}. A
 * sealed form starts with the number of its suite, so that a post-quantum one can follow.
 *
 * <p>Suite 1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. A sender context is made for
 * each seal and never kept. Conscrypt is asked by object: it isn't registered, TLS stays the JDK's.
 */
public final class Hpke {
    /** The suite that new pairs get. */
    public static final int SUITE = 1;

    private static final String NAME = "DHKEM_X25519_HKDF_SHA256/HKDF_SHA256/AES_256_GCM";
    private static final int RAW_BYTES = 32;
    private static final byte[] INFO = Framed.of("mailkeep copy keys").bytes();
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b656e04220420");
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b656e032100");

    private final Provider provider = Conscrypt.newProvider();

    /** A pair in raw form. */
    public record Pair(byte[] publicKey, byte[] secretKey) {}

    /** A fresh pair. */
    public Pair generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("XDH", provider).generateKeyPair();
            return new Pair(
                    tail(pair.getPublic().getEncoded()), tail(pair.getPrivate().getEncoded()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Conscrypt has no XDH", impossible);
        }
    }

    /** Suite number, encapsulated key, cipher text. */
    public byte[] seal(byte[] publicKey, byte[] clear, byte[] aad) {
        try {
            HpkeContextSender sender = HpkeContextSender.getInstance(NAME, provider);
            sender.init(keys().generatePublic(new X509EncodedKeySpec(join(X509, publicKey))), INFO);
            byte[] cipher = sender.seal(clear, aad);
            byte[] encapsulated = sender.getEncapsulated();
            return ByteBuffer.allocate(Short.BYTES + encapsulated.length + cipher.length)
                    .putShort((short) SUITE)
                    .put(encapsulated)
                    .put(cipher)
                    .array();
        } catch (GeneralSecurityException unusable) {
            throw new TamperedException("a mailbox' public key is no X25519 key", unusable);
        }
    }

    /** Opens with the secret half; {@link TamperedException} for anything else than was sealed. */
    public byte[] open(byte[] secretKey, byte[] sealed, byte[] aad) {
        int head = Short.BYTES + RAW_BYTES;
        if (sealed.length < head + Sealing.TAG_BYTES
                || ByteBuffer.wrap(sealed).getShort() != SUITE) {
            throw new TamperedException("a sealed copy has no known suite", null);
        }
        try {
            HpkeContextRecipient recipient = HpkeContextRecipient.getInstance(NAME, provider);
            recipient.init(
                    Arrays.copyOfRange(sealed, Short.BYTES, head),
                    keys().generatePrivate(new PKCS8EncodedKeySpec(join(PKCS8, secretKey))),
                    INFO);
            return recipient.open(Arrays.copyOfRange(sealed, head, sealed.length), aad);
        } catch (GeneralSecurityException tampered) {
            throw new TamperedException(
                    "a sealed copy isn't what was sealed for this place", tampered);
        }
    }

    private KeyFactory keys() throws NoSuchAlgorithmException {
        return KeyFactory.getInstance("XDH", provider);
    }

    private static byte[] join(byte[] head, byte[] raw) {
        byte[] out = Arrays.copyOf(head, head.length + raw.length);
        System.arraycopy(raw, 0, out, head.length, raw.length);
        return out;
    }

    private static byte[] tail(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
    }
}
