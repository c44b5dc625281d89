package io.mailkeep.keys;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Classified;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.internal.Passwords;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketCodec;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Checks sign-in proofs and signs tickets (Ed25519, RFC 8032), with a key that is made at each
 * start of the process and never leaves its memory: a restart ends every ticket.
 *
 * <p>Exempt from taking an {@code Access}: this is where tickets come from.
 */
@Claim({"DAT-3", "ACC-1", "ATK-68", "ATK-84"})
public final class TicketIssuer {
    /** How long a ticket lives. */
    public static final Duration LIFE = Duration.ofMinutes(15);

    private static final int PASSWORD_LEVEL = 1;

    private final Time time;
    private final Randomness randomness;
    private final Passwords passwords;
    private final KeyPair pair;

    TicketIssuer(Time time, Randomness randomness) {
        this.time = time;
        this.randomness = randomness;
        passwords = new Passwords(randomness);
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Ed25519 is missing", impossible);
        }
    }

    /** What a user ticket will say, if the password is right. {@code epoch}: of the account. */
    public record Claims(
            TenantId tenant,
            AccountId account,
            MailboxId mailbox,
            SessionId session,
            Set<Operation> operations,
            long epoch) {}

    /** The public half, for the ticket authority. */
    public PublicKey publicKey() {
        return pair.getPublic();
    }

    /** A module's ticket, 15 minutes. {@code epoch}: the module's revocation epoch. */
    public SignedTicket module(
            String module,
            UUID node,
            Set<Operation> operations,
            long epoch,
            ChannelBinding process) {
        Instant now = time.instant();
        return sign(
                new Ticket.Module(
                        randomness.uuid(),
                        module,
                        node,
                        operations,
                        now,
                        now.plus(LIFE),
                        epoch,
                        process.digest()));
    }

    /**
     * Checks a password against a verifier and signs a user ticket. Without verifier or claims
     * (unknown user, no password) it takes as long and refuses with the same words ({@code
     * ATK-68}). Deferred when too many sign-ins wait.
     *
     * @param name that is signing in, whether anybody has it or not
     */
    public Outcome<SignedTicket> signIn(
            String name,
            Optional<Classified<byte[]>> verifier,
            Secret password,
            Optional<Claims> claims,
            ChannelBinding channel) {
        boolean right;
        try {
            right = passwords.matches(name, verifier.map(Classified::value), password);
        } catch (Unavailable busy) {
            return Outcome.failed(busy.problem());
        }
        if (!right || claims.isEmpty()) {
            return Outcome.failed(
                    new Problem(
                            535,
                            "5.7.8",
                            "Name or password is wrong.",
                            "sign-in refused",
                            Problem.Fault.POLICY));
        }
        Claims who = claims.get();
        Instant now = time.instant();
        return Outcome.done(
                sign(
                        new Ticket.User(
                                randomness.uuid(),
                                who.tenant(),
                                who.account(),
                                who.mailbox(),
                                who.session(),
                                PASSWORD_LEVEL,
                                now,
                                who.operations(),
                                now,
                                now.plus(LIFE),
                                who.epoch(),
                                channel.digest())));
    }

    /**
     * A verifier for a new password (Argon2id, RFC 9106, as a PHC string in UTF-8). Refused: empty,
     * longer than 1,024 bytes, no UTF-8, or with control characters.
     */
    public Outcome<Classified<byte[]>> hash(Secret password) {
        try {
            return passwords
                    .hash(password)
                    .map(phc -> Outcome.done(Classified.sensitive(phc)))
                    .orElseGet(() ->
                            Outcome.failed(
                                    Problem.malformed(
                                            501,
                                            "5.5.4",
                                            "A password has 1 to 1024 bytes of text"
                                                    + " without control characters.")));
        } catch (Unavailable busy) {
            return Outcome.failed(busy.problem());
        }
    }

    /** The same right for 15 more minutes; the caller checked the account's epoch. */
    public SignedTicket renew(Ticket.User ticket, long epoch) {
        Instant now = time.instant();
        return sign(
                new Ticket.User(
                        randomness.uuid(),
                        ticket.tenant(),
                        ticket.account(),
                        ticket.mailbox(),
                        ticket.session(),
                        ticket.level(),
                        ticket.authenticated(),
                        ticket.operations(),
                        now,
                        now.plus(LIFE),
                        epoch,
                        ticket.binding()));
    }

    /**
     * A ticket for somebody else's mailbox of the same company, on the same connection, no longer
     * than the own one and with no operation that the own one lacks; the caller checked the ACL row
     * and the account's epoch.
     */
    public SignedTicket delegate(
            Ticket.User own, MailboxId mailbox, Set<Operation> operations, long epoch) {
        noWider(own, operations);
        return sign(
                new Ticket.Delegate(
                        randomness.uuid(),
                        own.tenant(),
                        own.account(),
                        mailbox,
                        own.session(),
                        operations,
                        own.notBefore(),
                        own.expires(),
                        epoch,
                        own.binding()));
    }

    /**
     * A narrower ticket.
     *
     * @throws AccessDenied for an operation that the given one lacks
     */
    public SignedTicket narrow(Ticket.User ticket, Set<Operation> operations) {
        noWider(ticket, operations);
        return sign(ticket.narrowed(randomness.uuid(), operations, ticket.expires()));
    }

    private static void noWider(Ticket ticket, Set<Operation> operations) {
        if (!ticket.operations().containsAll(operations)) {
            throw new AccessDenied("a ticket is narrowed, never widened");
        }
    }

    private SignedTicket sign(Ticket ticket) {
        byte[] encoded = TicketCodec.encode(ticket);
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(pair.getPrivate());
            signer.update(TicketCodec.toSign(encoded));
            return new SignedTicket(encoded, signer.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 can't sign", impossible);
        }
    }
}
