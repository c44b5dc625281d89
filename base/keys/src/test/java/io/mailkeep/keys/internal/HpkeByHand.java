package io.mailkeep.keys.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * RFC 9180's base mode from a Diffie-Hellman value that is given, so that vectors of X25519 can be
 * driven through {@link Hpke}: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, and the AEAD of this number
 * (1: AES-128-GCM, which the standard's vectors have; 2: AES-256-GCM, which the house uses).
 */
record HpkeByHand(int aead, byte[] key, byte[] nonce) {
    private static final int KEM = 0x20;
    private static final int KDF = 1;

    /** The key schedule of a recipient with this public key (RFC 9180 4.1, 5.1). */
    static HpkeByHand of(int aead, byte[] dh, byte[] encapsulated, byte[] recipient, byte[] info) {
        byte[] kem = suite("KEM", KEM);
        byte[] shared =
                expand(
                        extract(new byte[0], kem, "eae_prk", dh),
                        kem,
                        "shared_secret",
                        join(encapsulated, recipient),
                        32);
        byte[] suite = suite("HPKE", KEM, KDF, aead);
        byte[] none = new byte[0];
        byte[] context =
                join(
                        new byte[] {0},
                        extract(none, suite, "psk_id_hash", none),
                        extract(none, suite, "info_hash", info));
        byte[] secret = extract(shared, suite, "secret", none);
        return new HpkeByHand(
                aead,
                expand(secret, suite, "key", context, aead == 1 ? 16 : 32),
                expand(secret, suite, "base_nonce", context, 12));
    }

    /** The first message of the context. */
    byte[] seal(byte[] clear, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(clear);
    }

    private static byte[] suite(String name, int... ids) {
        ByteBuffer out = ByteBuffer.allocate(name.length() + 2 * ids.length);
        out.put(ascii(name));
        for (int id : ids) {
            out.putShort((short) id);
        }
        return out.array();
    }

    private static byte[] extract(byte[] salt, byte[] suite, String label, byte[] ikm) {
        // no salt is a hash's length of zeros (RFC 5869 2.2)
        byte[] key = salt.length == 0 ? new byte[32] : salt;
        return hmac(key, join(ascii("HPKE-v1"), suite, ascii(label), ikm));
    }

    private static byte[] expand(
            byte[] secret, byte[] suite, String label, byte[] info, int length) {
        byte[] head = ByteBuffer.allocate(2).putShort((short) length).array();
        // one block of HKDF-Expand is enough for 32 bytes
        byte[] block = join(head, ascii("HPKE-v1"), suite, ascii(label), info, new byte[] {1});
        return Arrays.copyOf(hmac(secret, block), length);
    }

    private static byte[] hmac(byte[] key, byte[] value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(value);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
