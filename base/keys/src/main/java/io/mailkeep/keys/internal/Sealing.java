package io.mailkeep.keys.internal;

import io.mailkeep.keys.TamperedException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric primitives, as the JDK has them: AES-256-GCM, HKDF-SHA-256 (RFC 5869), HMAC. The
 * nonce is the caller's; it must never be used twice with one key.
 */
public final class Sealing {
    /** Bytes of every symmetric key in the house. */
    public static final int KEY_BYTES = 32;

    /** Bytes of a nonce. */
    public static final int NONCE_BYTES = 12;

    /** Bytes of an authentication tag. */
    public static final int TAG_BYTES = 16;

    private Sealing() {}

    /** Cipher text and tag. */
    public static byte[] seal(
            byte[] key, byte[] nonce, byte[] clear, int offset, int length, byte[] aad) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(TAG_BYTES * 8, nonce));
            cipher.updateAAD(aad);
            return cipher.doFinal(clear, offset, length);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM can't seal", impossible);
        }
    }

    /** What was sealed; {@link TamperedException} if tag, key, nonce or associated data differ. */
    public static byte[] open(
            byte[] key,
            byte[] nonce,
            byte[] sealed,
            int offset,
            int length,
            byte[] aad,
            String what) {
        if (length < TAG_BYTES) {
            throw new TamperedException(what + " is too short", null);
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(TAG_BYTES * 8, nonce));
            cipher.updateAAD(aad);
            return cipher.doFinal(sealed, offset, length);
        } catch (AEADBadTagException tampered) {
            throw new TamperedException(what + " isn't what was sealed for this place", tampered);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM can't open", impossible);
        }
    }

    /** A nonce before its cipher text, as one array. */
    public static byte[] sealWithNonce(byte[] key, byte[] nonce, byte[] clear, byte[] aad) {
        byte[] cipher = seal(key, nonce, clear, 0, clear.length, aad);
        byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + cipher.length);
        System.arraycopy(cipher, 0, out, NONCE_BYTES, cipher.length);
        return out;
    }

    /** Opens what {@link #sealWithNonce} made, from an offset on. */
    public static byte[] openWithNonce(
            byte[] key, byte[] sealed, int offset, byte[] aad, String what) {
        if (sealed.length < offset + NONCE_BYTES + TAG_BYTES) {
            throw new TamperedException(what + " is too short", null);
        }
        byte[] nonce = Arrays.copyOfRange(sealed, offset, offset + NONCE_BYTES);
        int start = offset + NONCE_BYTES;
        return open(key, nonce, sealed, start, sealed.length - start, aad, what);
    }

    /** HKDF-SHA-256 of a key without salt (RFC 5869). */
    public static byte[] derive(byte[] key, byte[] info, int bytes) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HKDF-SHA256 is missing", impossible);
        }
    }

    /** HMAC-SHA-256. */
    public static byte[] mac(byte[] key, byte[] value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(value);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HmacSHA256 is missing", impossible);
        }
    }
}
