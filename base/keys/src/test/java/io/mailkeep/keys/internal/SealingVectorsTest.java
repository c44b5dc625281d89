package io.mailkeep.keys.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.testing.sim.Wycheproof;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published vectors of AES-256-GCM, HKDF and HMAC through the house's own sealing. */
@Claim("DAT-4")
class SealingVectorsTest {
    private static final Pattern FIELD = Pattern.compile("(?m)^(\\w+) = ?(.*)$");

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    @Claim("ATK-105")
    @DisplayName("NIST's vectors of AES-256-GCM seal and open; the forged ones don't open")
    void gcmOfNist() throws IOException {
        int opened = 0;
        int refused = 0;
        for (String record : records("nist-gcm-256.rsp")) {
            Map<String, String> fields =
                    FIELD.matcher(record)
                            .results()
                            .collect(
                                    Collectors.toMap(
                                            it -> it.group(1), (MatchResult it) -> it.group(2)));
            Gcm one =
                    new Gcm(
                            hex(fields.get("Key")),
                            hex(fields.get("IV")),
                            hex(fields.get("AAD")),
                            hex(fields.getOrDefault("PT", "")),
                            hex(fields.get("CT") + fields.get("Tag")));
            if (record.endsWith("FAIL")) {
                refused++;
                assertThatThrownBy(one::open).as(record).isInstanceOf(TamperedException.class);
            } else {
                opened++;
                assertThat(one.open()).as(record).isEqualTo(one.clear());
                assertThat(one.seal()).as(record).isEqualTo(one.sealed());
            }
        }
        assertThat(List.of(opened, refused)).isEqualTo(List.of(76, 74));
    }

    private static List<String> records(String file) throws IOException {
        try (InputStream in = SealingVectorsTest.class.getResourceAsStream("/" + file)) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.strip().split("\n\n"))
                    .filter(record -> record.contains("Count = "))
                    .toList();
        }
    }

    private record Gcm(byte[] key, byte[] nonce, byte[] aad, byte[] clear, byte[] sealed) {
        byte[] seal() {
            return Sealing.seal(key, nonce, clear, 0, clear.length, aad);
        }

        byte[] open() {
            return Sealing.open(key, nonce, sealed, 0, sealed.length, aad, "a vector");
        }
    }

    @Test
    @DisplayName("RFC 5869 A.3: HKDF-SHA-256 without salt, the only form in the house")
    void hkdf() {
        byte[] ikm = new byte[22];
        Arrays.fill(ikm, (byte) 0x0b);
        assertThat(Sealing.derive(ikm, new byte[0], 42))
                .isEqualTo(
                        hex(
                                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                                        + "9d201395faa4b61a96c8"));
    }

    @ParameterizedTest
    @DisplayName("RFC 4231 4.2 to 4.4 and 4.7: HMAC-SHA-256")
    @CsvSource({
        "0b,20,Hi There,b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "4a656665,1,what do ya want for nothing?,"
                + "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "aa,131,Test Using Larger Than Block-Size Key - Hash Key First,"
                + "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    })
    void hmac(String key, int times, String text, String tag) {
        assertThat(Sealing.mac(hex(key.repeat(times)), text.getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(hex(tag));
    }

    @Test
    @EnabledIfSystemProperty(
            named = Wycheproof.FOLDER,
            matches = ".+",
            disabledReason = Wycheproof.SKIPPED)
    void everyWycheproofVectorOfGcm() {
        int driven = 0;
        for (Wycheproof.Vector one : Wycheproof.vectors("aes_gcm_test")) {
            byte[] tag = one.bytes("tag");
            byte[] nonce = one.bytes("iv");
            if (one.bytes("key").length != Sealing.KEY_BYTES
                    || nonce.length != Sealing.NONCE_BYTES
                    || tag.length != Sealing.TAG_BYTES) {
                continue;
            }
            driven++;
            byte[] cipher = one.bytes("ct");
            byte[] sealed = Arrays.copyOf(cipher, cipher.length + tag.length);
            System.arraycopy(tag, 0, sealed, cipher.length, tag.length);
            Gcm gcm = new Gcm(one.bytes("key"), nonce, one.bytes("aad"), one.bytes("msg"), sealed);
            if (one.valid()) {
                assertThat(gcm.open()).as("%s", one).isEqualTo(gcm.clear());
                assertThat(gcm.seal()).as("%s", one).isEqualTo(sealed);
            } else {
                assertThatThrownBy(gcm::open).as("%s", one).isInstanceOf(TamperedException.class);
            }
        }
        assertThat(driven).isGreaterThan(50);
    }

    @Test
    @EnabledIfSystemProperty(
            named = Wycheproof.FOLDER,
            matches = ".+",
            disabledReason = Wycheproof.SKIPPED)
    void everyWycheproofVectorOfHkdfAndHmac() {
        int driven = 0;
        for (Wycheproof.Vector one : Wycheproof.vectors("hkdf_sha256_test")) {
            if (one.valid() && one.bytes("salt").length == 0) {
                driven++;
                byte[] okm = one.bytes("okm");
                assertThat(Sealing.derive(one.bytes("ikm"), one.bytes("info"), okm.length))
                        .as("%s", one)
                        .isEqualTo(okm);
            }
        }
        for (Wycheproof.Vector one : Wycheproof.vectors("hmac_sha256_test")) {
            byte[] tag = one.bytes("tag");
            byte[] mac = Sealing.mac(one.bytes("key"), one.bytes("msg"));
            boolean same = Arrays.equals(Arrays.copyOf(mac, tag.length), tag);
            assertThat(same).as("%s", one).isEqualTo(one.valid());
            driven++;
        }
        assertThat(driven).isGreaterThan(180);
    }
}
