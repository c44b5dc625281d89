package io.mailkeep.testing.sim;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What every verifier of Ed25519 signatures must take, and what it must refuse. */
public final class Ed25519Vectors {
    /** RFC 8032 7.1, tests 1 to 3. */
    public static final List<Vector> RFC_8032 =
            List.of(
                    vector(
                            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                            "",
                            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
                    vector(
                            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                            "72",
                            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
                    vector(
                            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                            "af82",
                            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"));

    /** The group's order, lowest octet first (RFC 8032 5.1). */
    private static final byte[] ORDER =
            HexFormat.of()
                    .parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    private Ed25519Vectors() {}

    /** A public key, and what it signed. */
    public record Vector(byte[] key, byte[] message, byte[] signature) {
        @Override
        public String toString() {
            return "key " + HexFormat.of().formatHex(key);
        }
    }

    private static Vector vector(String key, String message, String signature) {
        HexFormat hex = HexFormat.of();
        return new Vector(hex.parseHex(key), hex.parseHex(message), hex.parseHex(signature));
    }

    /**
     * What isn't this signature any more, by what was done to it: every seventh bit turned, and the
     * group's order added to its second half (RFC 8032 8.4).
     */
    public static Map<String, byte[]> changed(byte[] signature) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        for (int bit = 0; bit < signature.length * 8; bit += 7) {
            byte[] turned = signature.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            all.put("bit " + bit, turned);
        }
        all.put("s + L", malleable(signature));
        return all;
    }

    private static byte[] malleable(byte[] signature) {
        byte[] out = signature.clone();
        int carry = 0;
        for (int at = 0; at < ORDER.length; at++) {
            int sum = (out[32 + at] & 0xff) + (ORDER[at] & 0xff) + carry;
            out[32 + at] = (byte) sum;
            carry = sum >> 8;
        }
        return out;
    }
}
