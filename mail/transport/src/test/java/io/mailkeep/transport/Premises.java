package io.mailkeep.transport;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.Database;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.database.EpochTable;
import io.mailkeep.database.OutboxTable;
import io.mailkeep.database.Room;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.database.TreeTables;
import io.mailkeep.identity.Directory;
import io.mailkeep.identity.SignIn;
import io.mailkeep.identity.SignInLimits;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.Keys;
import io.mailkeep.keys.KeysSettings;
import io.mailkeep.mailbox.Backing;
import io.mailkeep.mailbox.MailboxLimits;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.segments.SegmentLimits;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.segments.Volumes;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Everything that the intake stands on, all of it real: directory, sign-in, tickets, keys, store.
 * One company {@code example.test}; the wall clock can be put forward.
 */
final class Premises implements AutoCloseable {
    static final String HOST = "mail.example.test";
    static final String PASSWORD = "correct horse battery";
    static final ChannelBinding PROCESS = binding("the process");
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
    private final Database database;
    private final Keys keys;
    private final SegmentStore segments;
    private final Mailboxes mailboxes;

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
        Randomness randomness = Randomness.system();
        database = SharedPostgres.open(SharedPostgres.location(), SharedPostgres.INSTALLATION);
        keys =
                Keys.open(
                        KeysSettings.of(
                                Files.createDirectories(folder.resolve("key-a")),
                                Files.createDirectories(folder.resolve("key-b")),
                                SharedPostgres.INSTALLATION),
                        new TreeTables(database.room(Room.TREE)),
                        time,
                        randomness);
        Trail trail =
                new Trail(
                        new OutboxTable(database.room(Room.AUDIT)),
                        keys.subjects(),
                        time,
                        randomness);
        epochs = otherNode();
        authority = new TicketAuthority(keys.issuer()::publicKey, epochs, trail, time);
        segments =
                SegmentStore.open(
                        volumes(folder),
                        time,
                        randomness,
                        SegmentLimits.standard().withRefuseAbove(1));
        mailboxes =
                new Mailboxes(
                        backing(trail),
                        MailboxLimits.standard(),
                        Optional::empty,
                        time,
                        randomness);
        directory = directory(trail, randomness);
        moduleTicket = freshModuleTicket();
        pass = new ModulePass(authority, () -> moduleTicket, PROCESS);
        intake =
                new Intake(
                        Collaborators.of(
                                pass,
                                authority,
                                directory,
                                mailboxes.dropbox(),
                                trail,
                                Optional::empty),
                        new Spool(folder.resolve("spool"), randomness, SpoolLimits.standard()),
                        HOST,
                        IntakeLimits.standard(),
                        time,
                        randomness);
        passwords = new SubmissionSignIn(signIn(trail, randomness), authority, pass, time);
        done(directory.addTenant(access(), "Example", "local", "example.test"));
    }

    private static Volumes volumes(Path folder) throws IOException {
        Map<DataClass, Path> paths = new EnumMap<>(DataClass.class);
        for (DataClass one : DataClass.values()) {
            paths.put(one, Files.createDirectories(folder.resolve(one.label())));
        }
        Volumes volumes = new Volumes(SharedPostgres.INSTALLATION, "local", paths);
        volumes.initialise();
        return volumes;
    }

    private Backing backing(Trail trail) {
        return new Backing(
                database.room(Room.MAILBOX),
                new DropboxCalls(database.room(Room.DROPBOX)),
                keys.delivery(),
                keys.reading(),
                segments,
                trail);
    }

    private Directory directory(Trail trail, Randomness randomness) {
        return new Directory(
                database.room(Room.IDENTITY),
                keys.reading(),
                keys.issuer(),
                mailboxes,
                epochs,
                trail,
                time,
                randomness);
    }

    private SignIn signIn(Trail trail, Randomness randomness) {
        return new SignIn(
                database.room(Room.IDENTITY),
                keys.reading(),
                keys.issuer(),
                authority,
                epochs,
                trail,
                time,
                randomness,
                new SignInLimits(
                        Duration.ofMinutes(15), 1_000, 1_000, 1_000, Duration.ZERO, 1_000));
    }

    /** The same revocation epochs as another node sees and raises them. */
    Epochs otherNode() {
        return new Epochs(new EpochTable(database.room(Room.TICKETS)), time);
    }

    /** What {@code node} does every five minutes. */
    void renewModuleTicket() {
        moduleTicket = freshModuleTicket();
    }

    private SignedTicket freshModuleTicket() {
        return keys.issuer()
                .module(
                        "smtp",
                        new UUID(0, 1),
                        SMTP,
                        epochs.current(Ticket.Module.subjectOf("smtp")),
                        PROCESS);
    }

    /** What the administrator may do. */
    Access access() {
        SignedTicket api =
                keys.issuer()
                        .module("api", new UUID(0, 1), Set.of(Operation.DIRECTORY), 0, PROCESS);
        return done(
                authority.decideModule(
                        done(authority.admit(api, PROCESS)),
                        Operation.DIRECTORY,
                        Event.INSTALLATION));
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

    static EmailAddress address(String text) {
        return EmailAddress.parse(text).orElseThrow();
    }

    static ChannelBinding binding(String text) {
        return new ChannelBinding(text.getBytes(StandardCharsets.UTF_8));
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Deferred<T>(var problem) ->
                    throw new AssertionError("deferred: " + problem);
            case Outcome.Refused<T>(var problem) -> throw new AssertionError("refused: " + problem);
        };
    }

    @Override
    public void close() {
        mailboxes.close();
        segments.close();
        epochs.close();
        keys.close();
        database.close();
    }
}
