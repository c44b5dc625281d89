package io.mailkeep.transport;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;

import io.mailkeep.identity.Directory;
import io.mailkeep.identity.House;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Everything that the intake stands on, all of it real: directory, sign-in, tickets, keys, store.
 * One company {@code example.test}; the wall clock can be put forward.
 */
final class Premises implements AutoCloseable {
    static final String HOST = "mail.example.test";
    static final String PASSWORD = "correct horse battery";
    static final ChannelBinding PROCESS = House.PROCESS;
    private static final Set<Operation> SMTP =
            Set.of(Operation.RESOLVE, Operation.DELIVER, Operation.SIGN_IN, Operation.SUBMIT);

    final Later time = new Later();
    final Epochs epochs;
    final TicketAuthority authority;
    final Directory directory;
    final Intake intake;
    final ModulePass pass;
    final SubmissionSignIn passwords;
    volatile SignedTicket moduleTicket;
    private final House house;

    /** The machine's time, put forward. */
    static final class Later implements Time {
        private volatile Duration ahead = Duration.ZERO;

        void advance(Duration duration) {
            ahead = ahead.plus(duration);
        }

        @Override
        public Instant instant() {
            return Time.system().instant().plus(ahead);
        }

        @Override
        public long nanos() {
            return Time.system().nanos() + ahead.toNanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Time.system().sleep(duration);
        }
    }

    Premises(Path folder) throws IOException {
        house = new House(folder, time);
        epochs = house.epochs;
        authority = house.authority;
        directory = house.directory;
        moduleTicket = freshModuleTicket();
        pass = new ModulePass(authority, () -> moduleTicket, PROCESS);
        Randomness randomness = Randomness.system();
        intake =
                new Intake(
                        Collaborators.of(
                                pass,
                                authority,
                                directory,
                                house.mailboxes.dropbox(),
                                house.trail,
                                Optional::empty),
                        new Spool(folder.resolve("spool"), randomness, SpoolLimits.standard()),
                        HOST,
                        IntakeLimits.standard(),
                        time,
                        randomness);
        passwords = new SubmissionSignIn(house.signIn, authority, pass, time);
        done(directory.addTenant(access(), "Example", "local", "example.test"));
    }

    /** An authority that checks tickets by this key. */
    TicketAuthority authority(Supplier<PublicKey> key) {
        return new TicketAuthority(key, epochs, house.trail, time);
    }

    /** The key by which tickets are right. */
    PublicKey ticketKey() {
        return house.keys.issuer().publicKey();
    }

    /** The same revocation epochs as another node sees and raises them. */
    Epochs otherNode() {
        return house.otherNode();
    }

    /** What {@code node} does every five minutes. */
    void renewModuleTicket() {
        moduleTicket = freshModuleTicket();
    }

    private SignedTicket freshModuleTicket() {
        return house.keys
                .issuer()
                .module(
                        "smtp",
                        new UUID(0, 1),
                        SMTP,
                        epochs.current(Ticket.Module.subjectOf("smtp")),
                        PROCESS);
    }

    /** What the administrator may do. */
    Access access() {
        return house.access(Operation.DIRECTORY);
    }

    /** A new account. */
    Directory.AccountInfo account(String address) {
        return done(directory.addAccount(
                        access(),
                        address(address),
                        "A person",
                        Optional.of(Secret.ofUtf8(PASSWORD))))
                .account();
    }

    /** Signs in as this person, on a connection of that name. */
    Outcome<Submitter> signIn(String name, String password, String connection) {
        return passwords.check(
                name,
                Secret.ofUtf8(password),
                connection.getBytes(StandardCharsets.UTF_8),
                InetAddress.getLoopbackAddress());
    }

    /** Somebody who signed in. */
    Submitter submitter(String name) {
        return done(signIn(name, PASSWORD, "connection of " + name));
    }

    /** Where a message of this person comes from. */
    static Origin origin(Submitter submitter) {
        return new Origin(
                "submissions",
                "ESMTPSA",
                "client.example",
                InetAddress.getLoopbackAddress(),
                Optional.of("TLS_AES_128_GCM_SHA256"),
                Optional.of(submitter));
    }

    static ChannelBinding binding(String text) {
        return new ChannelBinding(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        house.close();
    }
}
