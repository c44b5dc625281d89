package io.mailkeep.segments.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.DiskFile;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.segments.internal.SegmentScan.Gap;
import io.mailkeep.segments.internal.SegmentScan.Result;
import io.mailkeep.testing.fuzz.FuzzTarget;
import io.mailkeep.testing.sim.Seeds;
import io.mailkeep.testing.sim.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A segment file's records: any bytes are records, gaps and a tail that don't overlap, and a head
 * that is believed is exactly what would be written there. Heads are tried with their checksum put
 * right, too, since no fuzzer guesses it.
 */
@Claim({"DAT-4", "ATK-100", "FLT-15", "FLT-17"})
class SegmentFuzzTest implements FuzzTarget {
    private static final Path FILE = Path.of("/segment");

    private final SegmentIdentity identity =
            new SegmentIdentity(
                    new InstallationId(new UUID(9, 9)),
                    DataClass.SENSITIVE,
                    new SegmentName(1, new UUID(8, 8)));

    @Override
    public void one(byte[] input) throws IOException {
        assertThat(identity.recognise(ByteBuffer.wrap(input)))
                .isNotEqualTo(SegmentIdentity.Header.VALID);
        scan(input);
        scan(withRightChecksum(input));
        scan(whole(input));
    }

    private void scan(byte[] bytes) throws IOException {
        SimDisk disk = new SimDisk(Seeds.randomness(1));
        disk.createFolder(FILE.getParent());
        try (DiskFile file = disk.create(FILE)) {
            file.write(0, ByteBuffer.wrap(bytes));
            List<SegmentScan.Found> found = new ArrayList<>();
            Result result = new SegmentScan(file, identity, bytes.length).run(0, found::add);
            assertThat(result.validEnd()).isBetween(0L, (long) bytes.length);
            long last = 0;
            for (Gap gap : result.gaps()) {
                assertThat(gap.from()).isGreaterThanOrEqualTo(last);
                assertThat(gap.to()).isBetween(gap.from() + 1, result.validEnd());
                last = gap.to();
            }
            long intact = found.stream().filter(SegmentScan.Found::intact).count();
            assertThat(result.records()).isEqualTo(intact);
            for (SegmentScan.Found one : found) {
                int at = Math.toIntExact(one.position());
                int length = one.head().length();
                assertThat(one.head().encode(identity.boundTo(at)))
                        .isEqualTo(Arrays.copyOfRange(bytes, at, at + length));
                if (one.intact()) {
                    assertThat(one.next()).isLessThanOrEqualTo(bytes.length);
                }
            }
        }
    }

    /** The input as a head that announces its own length and ends in the right checksum. */
    private byte[] withRightChecksum(byte[] input) {
        ByteBuffer out =
                ByteBuffer.allocate(Math.max(RecordHead.FIXED, input.length) + Integer.BYTES);
        out.put(input).rewind();
        int covered = out.capacity() - Integer.BYTES;
        out.putInt(0, RecordHead.MAGIC).putInt(4, out.capacity());
        CRC32C sum = identity.boundTo(0);
        sum.update(out.array(), 0, covered);
        return out.putInt(covered, (int) sum.getValue()).array();
    }

    /** A whole record whose sealed body is the input, and the input once more behind it. */
    private byte[] whole(byte[] input) {
        int size = Math.max(0, input.length - 16);
        RecordHead head =
                new RecordHead(
                        new BlobId(new UUID(1, 1)),
                        new TenantId(new UUID(2, 2)),
                        size,
                        3,
                        0,
                        List.of(input));
        CRC32C sum = identity.boundTo(0);
        byte[] encoded = head.encode(sum);
        ByteBuffer out = ByteBuffer.allocate((int) head.recordLength() + input.length);
        out.put(encoded).put(Arrays.copyOf(input, (int) head.sealedLength()));
        sum.update(out.array(), encoded.length, (int) head.sealedLength());
        out.putInt(RecordHead.END_MAGIC).putInt((int) sum.getValue()).putLong(head.recordLength());
        return out.put(input).array();
    }
}
