package io.mailkeep.audit.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Signed notes with Ed25519 keys (C2SP signed-note, signature type 1). */
public final class Note {
    private static final byte ED25519 = 1;
    private static final int SIZE_MAX_CHARS = 65_536;
    private static final String SIGNATURE = "\u2014 ";
    // SubjectPublicKeyInfo of an Ed25519 key up to its 32 octets (RFC 8410 4).
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private Note() {}

    /** A verifier key: {@code name+hash+base64}. */
    public static String verifierKey(String name, byte[] raw) {
        return name
                + "+"
                + HexFormat.of().formatHex(keyId(name, raw))
                + "+"
                + Base64.getEncoder().encodeToString(typed(raw));
    }

    /** The note of this text with this signature. */
    public static String signed(String text, String name, byte[] raw, byte[] signature) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(keyId(name, raw));
        line.writeBytes(signature);
        return text
                + "\n"
                + SIGNATURE
                + name
                + " "
                + Base64.getEncoder().encodeToString(line.toByteArray())
                + "\n";
    }

    /**
     * The text of a note that this key signed; empty if it didn't, or if the note isn't one.
     * Signatures of other keys are passed over; a wrong one of this key refuses the note.
     */
    public static Optional<String> open(String note, Verifier verifier) {
        int gap = note.lastIndexOf("\n\n");
        boolean whole = gap >= 0 && gap + 2 < note.length() && note.endsWith("\n");
        if (!whole || note.length() > SIZE_MAX_CHARS) {
            return Optional.empty();
        }
        if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            return Optional.empty();
        }
        String text = note.substring(0, gap + 1);
        boolean verified = false;
        for (String line : note.substring(gap + 2, note.length() - 1).split("\n", -1)) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3 || !line.startsWith(SIGNATURE)) {
                return Optional.empty();
            }
            Optional<byte[]> signature = decode(parts[2]);
            if (signature.isEmpty() || signature.get().length < 5) {
                return Optional.empty();
            }
            byte[] bytes = signature.get();
            if (parts[1].equals(verifier.name())
                    && Arrays.equals(verifier.id(), Arrays.copyOf(bytes, 4))) {
                byte[] signed = text.getBytes(StandardCharsets.UTF_8);
                if (!verifier.verifies(signed, Arrays.copyOfRange(bytes, 4, bytes.length))) {
                    return Optional.empty();
                }
                verified = true;
            }
        }
        return verified ? Optional.of(text) : Optional.empty();
    }

    /** The checkpoint in a note signed by this key under its own name as origin. */
    public static Optional<Checkpoint> checkpoint(String note, Verifier verifier) {
        return open(note, verifier)
                .flatMap(Checkpoint::parse)
                .filter(checkpoint -> checkpoint.origin().equals(verifier.name()));
    }

    private static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // One text for these bytes: the bits that the last character leaves unused are zero.
            return Base64.getEncoder().encodeToString(bytes).equals(text)
                    ? Optional.of(bytes)
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] typed(byte[] raw) {
        byte[] typed = new byte[raw.length + 1];
        typed[0] = ED25519;
        System.arraycopy(raw, 0, typed, 1, raw.length);
        return typed;
    }

    private static byte[] keyId(String name, byte[] raw) {
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        in.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        in.write('\n');
        in.writeBytes(typed(raw));
        return Arrays.copyOf(Merkle.sha256(in.toByteArray()), 4);
    }

    /** A key that notes are checked with. */
    public record Verifier(String name, byte[] id, PublicKey key) {
        /** The verifier key with this text; {@link IllegalArgumentException} for any other text. */
        public static Verifier parse(String text) {
            String[] parts = text.strip().split("\\+", 3);
            if (parts.length != 3 || parts[0].isEmpty() || parts[0].contains(" ")) {
                throw new IllegalArgumentException("not a verifier key: name+hash+base64 wanted");
            }
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            if (typed.length != 33 || typed[0] != ED25519) {
                throw new IllegalArgumentException("not the verifier key of an Ed25519 key");
            }
            byte[] raw = Arrays.copyOfRange(typed, 1, typed.length);
            byte[] id = keyId(parts[0], raw);
            if (!HexFormat.of().formatHex(id).equals(parts[1])) {
                throw new IllegalArgumentException("a verifier key whose hash doesn't match");
            }
            try {
                byte[] encoded = Arrays.copyOf(SPKI, SPKI.length + raw.length);
                System.arraycopy(raw, 0, encoded, SPKI.length, raw.length);
                PublicKey key =
                        KeyFactory.getInstance("Ed25519")
                                .generatePublic(new X509EncodedKeySpec(encoded));
                return new Verifier(parts[0], id, key);
            } catch (GeneralSecurityException notAKey) {
                throw new IllegalArgumentException("not an Ed25519 key", notAKey);
            }
        }

        /** Whether this is the key's signature of these bytes (RFC 8032). */
        boolean verifies(byte[] text, byte[] signature) {
            try {
                Signature check = Signature.getInstance("Ed25519");
                check.initVerify(key);
                check.update(text);
                return check.verify(signature);
            } catch (GeneralSecurityException notASignature) {
                return false;
            }
        }
    }
}
