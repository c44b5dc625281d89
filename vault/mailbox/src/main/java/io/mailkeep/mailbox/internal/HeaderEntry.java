package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.keys.SealedCopy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a segment record's header says of one recipient: enough to make its row again after the
 * database went back (keytree: <em>Rebuild</em>). Everything personal in it is cipher text.
 *
 * @param folder empty for INBOX
 * @param meta as in the row
 * @param flags the bits of the system flags it was delivered with; keywords are lost by a rebuild
 * @param size bytes of the message as read
 * @param predecessor the copy that this one took the place of
 */
public record HeaderEntry(
        MailboxId mailbox,
        SealedCopy sealed,
        Optional<FolderId> folder,
        byte[] meta,
        int flags,
        Instant received,
        long size,
        Optional<CopyId> predecessor) {
    private static final int VERSION = 1;
    private static final int WRAP_MAX = 64 * 1024;
    private static final UUID NONE = new UUID(0, 0);

    /** The stored form, with a version in front. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(200 + meta.length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, mailbox.value());
            write(out, sealed.copy().value());
            write(out, sealed.node().value());
            write(out, sealed.pair().value());
            write(out, folder.map(FolderId::value).orElse(NONE));
            write(out, predecessor.map(CopyId::value).orElse(NONE));
            out.writeInt(flags);
            out.writeLong(received.toEpochMilli());
            out.writeLong(size);
            out.writeInt(sealed.wrap().length);
            out.write(sealed.wrap());
            out.writeInt(meta.length);
            out.write(meta);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Reads the stored form; {@link IllegalArgumentException} if it isn't one. */
    public static HeaderEntry decode(byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("header entry of version " + version);
            }
            MailboxId mailbox = new MailboxId(read(in));
            CopyId copy = new CopyId(read(in));
            NodeId node = new NodeId(read(in));
            KeyId pair = new KeyId(read(in));
            UUID folder = read(in);
            UUID predecessor = read(in);
            int flags = in.readInt();
            Instant received = Instant.ofEpochMilli(in.readLong());
            long size = in.readLong();
            byte[] wrap = bytes(in, WRAP_MAX);
            byte[] meta = bytes(in, encoded.length);
            if (in.available() > 0) {
                throw new IllegalArgumentException("header entry with a tail");
            }
            return new HeaderEntry(
                    mailbox,
                    new SealedCopy(copy, node, pair, wrap),
                    Optional.of(folder).filter(id -> !id.equals(NONE)).map(FolderId::new),
                    meta,
                    flags,
                    received,
                    size,
                    Optional.of(predecessor).filter(id -> !id.equals(NONE)).map(CopyId::new));
        } catch (IOException cut) {
            throw new IllegalArgumentException("header entry cut short", cut);
        }
    }

    private static void write(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID read(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static byte[] bytes(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IllegalArgumentException("header entry of a wrong length");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
