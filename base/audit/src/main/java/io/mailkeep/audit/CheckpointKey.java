package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.kernel.InstallationId;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * The key that signs the log's checkpoints, and nothing else: Ed25519 (RFC 8032) under the name of
 * the log's origin. Whoever has it can sign another log: it lies on the key device, apart from both
 * audit folders.
 */
public final class CheckpointKey {
    private static final byte[] CHALLENGE =
            "mailkeep checkpoint key pair test"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final String origin;
    private final PrivateKey secret;
    private final PublicKey open;

    private CheckpointKey(String origin, PrivateKey secret, PublicKey open) {
        this.origin = origin;
        this.secret = secret;
        this.open = open;
    }

    /** A new key for a new log. */
    public static CheckpointKey generate(InstallationId installation) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new CheckpointKey(origin(installation), pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The key kept as {@link #insecureSecretBytes()} and {@link #publicBytes()}; {@link
     * AuditRefused} if they are damaged or don't belong together.
     */
    public static CheckpointKey load(InstallationId installation, byte[] secret, byte[] open) {
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            CheckpointKey key =
                    new CheckpointKey(
                            origin(installation),
                            factory.generatePrivate(new PKCS8EncodedKeySpec(secret)),
                            factory.generatePublic(new X509EncodedKeySpec(open)));
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key.open);
            check.update(CHALLENGE);
            if (!check.verify(key.signature(CHALLENGE))) {
                throw new AuditRefused("The two halves of the checkpoint key don't match.");
            }
            return key;
        } catch (GeneralSecurityException damaged) {
            throw new AuditRefused("The checkpoint key is damaged: " + damaged.getMessage());
        }
    }

    /** The log's name, as its checkpoints carry it. */
    public static String origin(InstallationId installation) {
        return "mailkeep.internal/audit/" + installation;
    }

    /** The secret half (PKCS #8): for the key device alone. */
    public byte[] insecureSecretBytes() {
        return secret.getEncoded();
    }

    /** The public half (X.509). */
    public byte[] publicBytes() {
        return open.getEncoded();
    }

    /** The public half as a C2SP verifier key: what {@link LogVerifier} needs. */
    public String verifierKey() {
        return Note.verifierKey(origin, raw());
    }

    /** The log's name. */
    public String origin() {
        return origin;
    }

    /** The signed form of a tree of this size and root (C2SP tlog-checkpoint). */
    String sign(long size, byte[] root) {
        String text = new Checkpoint(origin, size, root).text();
        return Note.signed(
                text,
                origin,
                raw(),
                signature(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private byte[] raw() {
        // An X.509 Ed25519 key ends with the 32 octets of RFC 8032 (RFC 8410 4).
        byte[] encoded = open.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private byte[] signature(byte[] text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(text);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "checkpoint key of " + origin;
    }
}
