package io.mailkeep.tickets;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The signed form of tickets: one ticket has exactly one encoding, and bytes that aren't the
 * encoding of a ticket are no ticket ({@code ATK-81}).
 *
 * <p>Form 1: version octet, kind octet (1 user, 2 delegate, 3 module), then the kind's fields in
 * fixed order, each with a 16-bit length before it. The decoder re-encodes what it read and refuses
 * the input if that differs: there is no second spelling. Ed25519 (RFC 8032) is the only algorithm
 * and nothing in a ticket can choose another.
 */
public final class TicketCodec {
    /** No ticket is larger; more is refused unread. */
    public static final int SIZE_MAX_BYTES = 4096;

    private static final byte VERSION = 1;
    private static final byte USER = 1;
    private static final byte DELEGATE = 2;
    private static final byte MODULE = 3;
    private static final int SIGNATURE_BYTES = 64;
    private static final int DIGEST_BYTES = 32;
    private static final Pattern MODULE_NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private TicketCodec() {}

    /** The one encoding of this ticket; {@link IllegalArgumentException} if it can't be one. */
    public static byte[] encode(Ticket ticket) {
        Writer out = new Writer();
        switch (ticket) {
            case Ticket.User user -> {
                out.kind(USER);
                out.uuid(user.id());
                out.uuid(user.tenant().value());
                out.uuid(user.account().value());
                out.uuid(user.mailbox().value());
                out.uuid(user.session().value());
                out.number(user.level());
                out.instant(user.authenticated());
            }
            case Ticket.Delegate delegate -> {
                out.kind(DELEGATE);
                out.uuid(delegate.id());
                out.uuid(delegate.tenant().value());
                out.uuid(delegate.account().value());
                out.uuid(delegate.mailbox().value());
                out.uuid(delegate.session().value());
            }
            case Ticket.Module module -> {
                if (!MODULE_NAME.matcher(module.module()).matches()) {
                    throw new IllegalArgumentException("not a module's name");
                }
                out.kind(MODULE);
                out.uuid(module.id());
                out.field(module.module().getBytes(StandardCharsets.UTF_8));
                out.uuid(module.node());
            }
        }
        out.common(ticket);
        return out.bytes();
    }

    /**
     * The bytes that the ticket key signs: a purpose no other signature of the house shares, then
     * the encoding.
     */
    public static byte[] toSign(byte[] encoded) {
        return Framed.of("mailkeep ticket 1").and(encoded).bytes();
    }

    /** The ticket with this encoding; empty for any other bytes. Says nothing of the signature. */
    static Optional<Ticket> decode(byte[] encoded) {
        if (encoded.length < 2 || encoded.length > SIZE_MAX_BYTES || encoded[0] != VERSION) {
            return Optional.empty();
        }
        try {
            Ticket ticket =
                    read(new Reader(ByteBuffer.wrap(encoded, 2, encoded.length - 2)), encoded[1]);
            return Arrays.equals(encode(ticket), encoded) ? Optional.of(ticket) : Optional.empty();
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | DateTimeException notATicket) {
            return Optional.empty();
        }
    }

    /** Whether this key signed this ticket. Never throws, whatever the bytes are. */
    static boolean signedBy(PublicKey key, SignedTicket ticket) {
        return ticket.encoded().length <= SIZE_MAX_BYTES
                && verifies(key, toSign(ticket.encoded()), ticket.signature());
    }

    /** Whether this is the key's signature of these bytes (RFC 8032). */
    static boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException notASignature) {
            return false;
        }
    }

    private static Ticket read(Reader in, byte kind) {
        return switch (kind) {
            case USER ->
                    new Ticket.User(
                            in.uuid(),
                            new TenantId(in.uuid()),
                            new AccountId(in.uuid()),
                            new MailboxId(in.uuid()),
                            new SessionId(in.uuid()),
                            in.level(),
                            in.instant(),
                            in.operations(),
                            in.instant(),
                            in.instant(),
                            in.number(),
                            in.digest());
            case DELEGATE ->
                    new Ticket.Delegate(
                            in.uuid(),
                            new TenantId(in.uuid()),
                            new AccountId(in.uuid()),
                            new MailboxId(in.uuid()),
                            new SessionId(in.uuid()),
                            in.operations(),
                            in.instant(),
                            in.instant(),
                            in.number(),
                            in.digest());
            case MODULE ->
                    new Ticket.Module(
                            in.uuid(),
                            in.text(),
                            in.uuid(),
                            in.operations(),
                            in.instant(),
                            in.instant(),
                            in.number(),
                            in.digest());
            default -> throw new IllegalArgumentException("unknown kind of ticket");
        };
    }

    private static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void kind(byte kind) {
            out.write(VERSION);
            out.write(kind);
        }

        void field(byte[] bytes) {
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) bytes.length).array());
            out.writeBytes(bytes);
        }

        void uuid(UUID id) {
            field(
                    ByteBuffer.allocate(16)
                            .putLong(id.getMostSignificantBits())
                            .putLong(id.getLeastSignificantBits())
                            .array());
        }

        void number(long number) {
            field(ByteBuffer.allocate(8).putLong(number).array());
        }

        void instant(Instant at) {
            field(
                    ByteBuffer.allocate(12)
                            .putLong(at.getEpochSecond())
                            .putInt(at.getNano())
                            .array());
        }

        void common(Ticket ticket) {
            if (ticket.epoch() < 0
                    || ticket.binding().length != DIGEST_BYTES
                    || !ticket.notBefore().isBefore(ticket.expires())) {
                throw new IllegalArgumentException("not a ticket");
            }
            byte[] codes = new byte[ticket.operations().size()];
            int next = 0;
            for (Operation operation : Operation.values()) {
                if (ticket.operations().contains(operation)) {
                    codes[next++] = (byte) operation.code();
                }
            }
            field(codes);
            instant(ticket.notBefore());
            instant(ticket.expires());
            number(ticket.epoch());
            field(ticket.binding());
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    /** Reads field by field; every shortfall is an exception that {@link #decode} turns away. */
    private record Reader(ByteBuffer in) {
        private byte[] field() {
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        private ByteBuffer field(int length) {
            byte[] bytes = field();
            if (bytes.length != length) {
                throw new IllegalArgumentException("wrong length of a field");
            }
            return ByteBuffer.wrap(bytes);
        }

        UUID uuid() {
            ByteBuffer bytes = field(16);
            return new UUID(bytes.getLong(), bytes.getLong());
        }

        long number() {
            return field(8).getLong();
        }

        int level() {
            long level = number();
            if (level != (int) level) {
                throw new IllegalArgumentException("no such level");
            }
            return (int) level;
        }

        Instant instant() {
            ByteBuffer bytes = field(12);
            return Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
        }

        String text() {
            return new String(field(), StandardCharsets.UTF_8);
        }

        byte[] digest() {
            return field(DIGEST_BYTES).array();
        }

        Set<Operation> operations() {
            Set<Operation> operations = EnumSet.noneOf(Operation.class);
            for (byte code : field()) {
                operations.add(ofCode(code));
            }
            return operations;
        }

        private static Operation ofCode(byte code) {
            for (Operation operation : Operation.values()) {
                if (operation.code() == code) {
                    return operation;
                }
            }
            throw new IllegalArgumentException("no operation with this code");
        }
    }
}
