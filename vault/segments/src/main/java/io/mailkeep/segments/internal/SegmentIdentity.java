package io.mailkeep.segments.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.InstallationId;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a segment is bound to, and its first 72 bytes: {@code MAILKSEG}, format version, class,
 * installation, segment id, number, time, CRC-32C.
 */
public record SegmentIdentity(InstallationId installation, DataClass dataClass, SegmentName name) {
    /** Bytes before the first record. */
    public static final int HEADER = 72;

    /** The format that this program writes, and the only one it reads. */
    public static final int VERSION = 1;

    private static final long MAGIC = 0x4D41494C4B534547L;

    /** What the beginning of a segment file turned out to be. */
    public enum Header {
        /** This segment's own. */
        VALID,
        /** Whole, but of another installation, class, segment or format version. */
        FOREIGN,
        /** No header. */
        DAMAGED
    }

    /** The header. */
    public ByteBuffer header(long millis) {
        ByteBuffer out = ByteBuffer.allocate(HEADER);
        out.putLong(MAGIC).putInt(VERSION).putInt(dataClass.code());
        put(out, installation.value());
        put(out, name.id());
        out.putLong(name.sequence()).putLong(millis).putInt(0);
        out.putInt(crc(out.array(), HEADER - Integer.BYTES));
        return out.flip();
    }

    /** Looks at the beginning of a file. */
    public Header recognise(ByteBuffer start) {
        if (start.remaining() < HEADER) {
            return Header.DAMAGED;
        }
        byte[] bytes = new byte[HEADER];
        start.get(start.position(), bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getLong(0) != MAGIC
                || in.getInt(HEADER - Integer.BYTES) != crc(bytes, HEADER - Integer.BYTES)) {
            return Header.DAMAGED;
        }
        boolean own =
                in.getInt(8) == VERSION
                        && in.getInt(12) == dataClass.code()
                        && uuid(in, 16).equals(installation.value())
                        && uuid(in, 32).equals(name.id())
                        && in.getLong(48) == name.sequence();
        return own ? Header.VALID : Header.FOREIGN;
    }

    /**
     * A checksum that already holds where a record must lie, so that its bytes in another place,
     * segment, class or installation don't match (FLT-16).
     */
    CRC32C boundTo(long position) {
        CRC32C sum = new CRC32C();
        sum.update(
                Framed.of("mailkeep-record")
                        .and(installation.value())
                        .and(dataClass.code())
                        .and(name.id())
                        .and(position)
                        .bytes());
        return sum;
    }

    static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static UUID uuid(ByteBuffer in, int at) {
        return new UUID(in.getLong(at), in.getLong(at + Long.BYTES));
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
