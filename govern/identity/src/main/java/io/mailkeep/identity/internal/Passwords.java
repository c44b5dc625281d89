package io.mailkeep.identity.internal;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;

/** What a password may be, and its one form before hashing (RFC 8265 4.2, {@code ATK-69}). */
@Claim({"ACC-1", "ATK-69"})
public final class Passwords {
    /** More is refused before anything is computed over it. */
    public static final int BYTES_MAX = 1_024;

    private static final int CHARACTERS_MIN = 10;

    /** No letter that looks like another: 31 signs, so 20 of them are 99 bits. */
    private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

    private static final int GROUPS = 5;
    private static final int GROUP_LENGTH = 4;

    private Passwords() {}

    /** A fresh one: five groups of four. */
    public static Secret generated(Randomness randomness) {
        byte[] text = new byte[GROUPS * (GROUP_LENGTH + 1) - 1];
        for (int i = 0; i < text.length; i++) {
            boolean gap = i % (GROUP_LENGTH + 1) == GROUP_LENGTH;
            text[i] = (byte) (gap ? '-' : ALPHABET.charAt(randomness.below(ALPHABET.length())));
        }
        return Secret.owning(text);
    }

    /**
     * The form that is hashed: other spaces are the ASCII one, composed as NFC, so that two
     * keyboards type the same password. Empty for what can't be one.
     */
    public static Optional<Secret> prepared(Secret password) {
        if (password.length() == 0 || password.length() > BYTES_MAX) {
            return Optional.empty();
        }
        byte[] bytes = password.exposeSecretBytes();
        boolean ascii = true;
        for (byte b : bytes) {
            ascii &= b >= 0;
        }
        if (ascii) {
            return Optional.of(Secret.owning(bytes));
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            for (int i = 0; i < text.length(); i++) {
                if (Character.getType(text.get(i)) == Character.SPACE_SEPARATOR) {
                    text.put(i, ' ');
                }
            }
            return Optional.of(Secret.ofUtf8(Normalizer.normalize(text, Normalizer.Form.NFC)));
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** A new password in its form, or the sentence that says what is wrong with it. */
    public static Outcome<Secret> acceptable(Secret password) {
        if (password.length() > BYTES_MAX) {
            return refused(
                    "The password is longer than " + BYTES_MAX + " bytes; choose a shorter one.");
        }
        Optional<Secret> prepared = prepared(password);
        if (prepared.isEmpty()) {
            return refused("The password is empty or isn't UTF-8 text; choose another one.");
        }
        byte[] bytes = prepared.get().exposeSecretBytes();
        int characters = 0;
        boolean control = false;
        byte before = 0;
        for (byte b : bytes) {
            characters += (b & 0xc0) == 0x80 ? 0 : 1;
            // in UTF-8 U+0080 to U+009F are c2 80 to c2 9f
            boolean upper = before == (byte) 0xc2 && (b & 0xe0) == 0x80;
            control |= (b >= 0 && b < ' ') || b == 0x7f || upper;
            before = b;
        }
        Arrays.fill(bytes, (byte) 0);
        if (control) {
            return refused("The password contains a control character; choose one without.");
        }
        return characters < CHARACTERS_MIN
                ? refused(
                        "The password is shorter than "
                                + CHARACTERS_MIN
                                + " characters; choose a longer one.")
                : Outcome.done(prepared.get());
    }

    private static <T> Outcome<T> refused(String text) {
        return Outcome.failed(Problem.malformed(550, "5.7.0", text));
    }
}
