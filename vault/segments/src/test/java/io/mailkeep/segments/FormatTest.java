package io.mailkeep.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.keys.internal.InsecureKeyAccess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on a volume is what is written down, read with another implementation of AES-GCM. */
@Claim({"DAT-4", "ATK-100"})
class FormatTest {
    private static final int CHUNK = 64 << 10;
    private static final int TAG = 16;

    @TempDir Path folder;

    @Test
    void anotherImplementationReadsAStoredBodyByTheWrittenFormat() throws Exception {
        Bench bench = Bench.onDisk(folder);
        for (int size : new int[] {0, 1, CHUNK, CHUNK + 1, 3 * CHUNK - 1}) {
            Bench.Body body = bench.body(size);
            StoredBlob stored;
            try (SegmentStore store = size == 0 ? bench.fresh() : bench.open()) {
                stored = Bench.put(store, body);
            }
            ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(bench.file(stored)));
            int at = (int) stored.position();
            assertThat(file.getInt(at)).isEqualTo(0x4D4B5231);
            assertThat(file.getLong(at + 16)).isEqualTo(size);
            byte[] clear = new byte[size];
            int from = at + file.getInt(at + 4);
            int chunks = Math.max(1, (size + CHUNK - 1) / CHUNK);
            for (int chunk = 0; chunk < chunks; chunk++) {
                int length = Math.min(CHUNK, size - chunk * CHUNK);
                byte[] sealed = Arrays.copyOfRange(file.array(), from, from + length + TAG);
                byte[] opened = open(body, chunk, chunk == chunks - 1, sealed);
                System.arraycopy(opened, 0, clear, chunk * CHUNK, length);
                from += length + TAG;
            }
            assertThat(clear).isEqualTo(body.bytes());
            assertThat(file.getInt(from)).isEqualTo(0x4D4B4531);
        }
    }

    /** STREAM with an empty prefix: the chunk's number, and whether it is the last. */
    private static byte[] open(Bench.Body body, int chunk, boolean last, byte[] sealed)
            throws InvalidCipherTextException {
        byte[] nonce =
                ByteBuffer.allocate(12).putInt(7, chunk).put(11, (byte) (last ? 1 : 0)).array();
        byte[] key = body.key().exposeRawKeyBytes(InsecureKeyAccess.toRawKeyBytes());
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(
                false, new AEADParameters(new KeyParameter(key), TAG * 8, nonce, associated(body)));
        byte[] out = new byte[cipher.getOutputSize(sealed.length)];
        int length = cipher.processBytes(sealed, 0, sealed.length, out, 0);
        cipher.doFinal(out, length);
        return out;
    }

    /** Each field after its length in four bytes: "body", tenant, blob, class in eight. */
    private static byte[] associated(Bench.Body body) {
        ByteBuffer out = ByteBuffer.allocate(8 + 2 * 20 + 12);
        out.putInt(4).put("body".getBytes(StandardCharsets.US_ASCII));
        for (UUID id : new UUID[] {Bench.TENANT.value(), body.blob().value()}) {
            out.putInt(16).putLong(id.getMostSignificantBits());
            out.putLong(id.getLeastSignificantBits());
        }
        return out.putInt(8).putLong(body.dataClass().code()).array();
    }
}
