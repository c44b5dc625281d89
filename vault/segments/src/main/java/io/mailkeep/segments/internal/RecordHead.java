package io.mailkeep.segments.internal;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.DataKey;
import io.mailkeep.segments.StoredBlob;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The clear part at the beginning of a record. A record is
 *
 * <pre>
 *   MKR1 · bytes of the head · bytes of the record · bytes of the body · blob · tenant · time
 *   · durable · bytes of a chunk · number of entries · (bytes, entry)… · CRC-32C(place, head)
 *   chunks, each sealed by the body's key: all but the last of 64 KiB, the last one marked as such
 *   MKE1 · CRC-32C(place, head, chunks) · bytes of the record
 * </pre>
 *
 * @param durable bytes of the segment that were known to be durable when this record was written:
 *     damage before that was never a torn write
 */
public record RecordHead(
        BlobId blob, TenantId tenant, long size, long millis, long durable, List<byte[]> entries) {
    /** Clear bytes of a chunk. */
    public static final int CHUNK = 64 << 10;

    /** Bytes after the chunks. */
    public static final int TRAILER = 16;

    /** The longest head that is written or believed, bytes. */
    public static final int LONGEST = 16 << 20;

    static final int MAGIC = 0x4D4B5231;
    static final int END_MAGIC = 0x4D4B4531;
    static final int FIXED = 80;

    /** Bytes of the head. */
    public int length() {
        long length = FIXED + (long) Integer.BYTES;
        for (byte[] entry : entries) {
            length += Integer.BYTES + entry.length;
        }
        if (length > LONGEST) {
            throw new IllegalArgumentException("a record's head of " + length + " bytes");
        }
        return (int) length;
    }

    /** Number of chunks of the body; an empty body has one. */
    public long chunks() {
        return Math.max(1, (size + CHUNK - 1) / CHUNK);
    }

    /** Bytes of all chunks as stored. */
    public long sealedLength() {
        return size + chunks() * DataKey.CHUNK_OVERHEAD;
    }

    /** Bytes of the whole record. */
    public long recordLength() {
        return length() + sealedLength() + TRAILER;
    }

    /** Where the record lies, once it lies there. */
    public StoredBlob storedAt(SegmentIdentity segment, long position) {
        return new StoredBlob(
                tenant,
                blob,
                segment.dataClass(),
                segment.name().id(),
                position,
                recordLength(),
                size);
    }

    /** What each chunk is bound to besides its number (ATK-100). */
    public static byte[] associated(TenantId tenant, BlobId blob, DataClass dataClass) {
        return Framed.of("body")
                .and(tenant.value())
                .and(blob.value())
                .and(dataClass.code())
                .bytes();
    }

    /** The head as stored; {@code sum} holds its place, and goes on to cover the body. */
    byte[] encode(CRC32C sum) {
        int length = length();
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(MAGIC).putInt(length).putLong(recordLength()).putLong(size);
        SegmentIdentity.put(out, blob.value());
        SegmentIdentity.put(out, tenant.value());
        out.putLong(millis).putLong(durable).putInt(CHUNK).putInt(entries.size());
        for (byte[] entry : entries) {
            out.putInt(entry.length).put(entry);
        }
        sum.update(out.array(), 0, out.position());
        out.putInt((int) sum.getValue());
        sum.update(out.array(), length - Integer.BYTES, Integer.BYTES);
        return out.array();
    }

    /** How many bytes the head says it has; empty if it can't be one. */
    static Optional<Integer> announced(ByteBuffer fixed) {
        if (fixed.remaining() < FIXED || fixed.getInt(fixed.position()) != MAGIC) {
            return Optional.empty();
        }
        int length = fixed.getInt(fixed.position() + 4);
        return length >= FIXED + Integer.BYTES && length <= LONGEST
                ? Optional.of(length)
                : Optional.empty();
    }

    /**
     * Reads a whole head; empty unless it is exactly what was written at this place. Then {@code
     * sum} goes on to cover the body.
     */
    static Optional<RecordHead> decode(byte[] bytes, CRC32C sum) {
        int covered = bytes.length - Integer.BYTES;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        sum.update(bytes, 0, covered);
        if ((int) sum.getValue() != in.getInt(covered) || in.getInt(72) != CHUNK) {
            return Optional.empty();
        }
        List<byte[]> entries = new ArrayList<>();
        in.position(FIXED);
        for (int left = in.getInt(76); left > 0; left--) {
            if (in.position() + Integer.BYTES > covered) {
                return Optional.empty();
            }
            int length = in.getInt();
            if (length < 0 || length > covered - in.position()) {
                return Optional.empty();
            }
            byte[] entry = new byte[length];
            in.get(entry);
            entries.add(entry);
        }
        RecordHead head =
                new RecordHead(
                        new BlobId(SegmentIdentity.uuid(in, 24)),
                        new TenantId(SegmentIdentity.uuid(in, 40)),
                        in.getLong(16),
                        in.getLong(56),
                        in.getLong(64),
                        List.copyOf(entries));
        sum.update(bytes, covered, Integer.BYTES);
        boolean whole =
                in.position() == covered
                        && in.getInt(76) == entries.size()
                        && head.size >= 0
                        && head.length() == bytes.length
                        && head.recordLength() == in.getLong(8);
        return whole ? Optional.of(head) : Optional.empty();
    }
}
