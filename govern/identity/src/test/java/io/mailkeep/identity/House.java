package io.mailkeep.identity;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.Database;
import io.mailkeep.database.DatabaseLocation;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.database.EpochTable;
import io.mailkeep.database.OutboxTable;
import io.mailkeep.database.Room;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.database.TreeTables;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.Keys;
import io.mailkeep.keys.KeysSettings;
import io.mailkeep.mailbox.Backing;
import io.mailkeep.mailbox.MailboxLimits;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.segments.SegmentLimits;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.segments.Volumes;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.TicketAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The rooms that identity stands on, and identity, all real, with two companies' worth of room; for
 * the tests of rooms above, too.
 */
public final class House implements AutoCloseable {
    public static final ChannelBinding PROCESS =
            new ChannelBinding("the process".getBytes(StandardCharsets.UTF_8));

    final DatabaseLocation.External location;
    final Database database;
    public final Keys keys;
    public final Trail trail;
    public final Epochs epochs;
    public final TicketAuthority authority;
    public final Mailboxes mailboxes;
    public final Directory directory;
    public final SignIn signIn;
    final OutboxTable outbox;
    private final SegmentStore segments;
    private final Time time;

    House(Path folder) throws IOException {
        this(folder, Time.system());
    }

    /** One that goes by this time. */
    public House(Path folder, Time time) throws IOException {
        this.time = time;
        location = SharedPostgres.location();
        database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
        Randomness randomness = Randomness.system();
        keys =
                Keys.open(
                        KeysSettings.of(
                                Files.createDirectories(folder.resolve("key-a")),
                                Files.createDirectories(folder.resolve("key-b")),
                                SharedPostgres.INSTALLATION),
                        new TreeTables(database.room(Room.TREE)),
                        time,
                        randomness);
        outbox = new OutboxTable(database.room(Room.AUDIT));
        trail = new Trail(outbox, keys.subjects(), time, randomness);
        epochs = otherNode();
        authority = new TicketAuthority(keys.issuer()::publicKey, epochs, trail, time);
        Map<DataClass, Path> paths = new EnumMap<>(DataClass.class);
        for (DataClass one : DataClass.values()) {
            paths.put(one, Files.createDirectories(folder.resolve(one.label())));
        }
        Volumes volumes = new Volumes(SharedPostgres.INSTALLATION, "local", paths);
        volumes.initialise();
        segments =
                SegmentStore.open(
                        volumes, time, randomness, SegmentLimits.standard().withRefuseAbove(1));
        mailboxes =
                new Mailboxes(
                        new Backing(
                                database.room(Room.MAILBOX),
                                new DropboxCalls(database.room(Room.DROPBOX)),
                                keys.delivery(),
                                keys.reading(),
                                segments,
                                trail),
                        MailboxLimits.standard(),
                        Optional::empty,
                        time,
                        randomness);
        directory = directory(epochs, trail, time);
        signIn =
                signIn(
                        new SignInLimits(
                                Duration.ofMinutes(15),
                                1_000,
                                1_000,
                                1_000,
                                Duration.ZERO,
                                Duration.ZERO,
                                1_000));
    }

    /** What a field holds until its test's set-up has run. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T nothing() {
        return null;
    }

    /** Another one over the same rows. */
    Directory directory(Epochs epochs, Trail trail, Time time) {
        return new Directory(
                database.room(Room.IDENTITY),
                keys.reading(),
                keys.issuer(),
                mailboxes,
                epochs,
                trail,
                time,
                Randomness.system());
    }

    SignIn signIn(SignInLimits limits) {
        return signIn(epochs, trail, limits);
    }

    SignIn signIn(Epochs epochs, Trail trail, SignInLimits limits) {
        return new SignIn(
                database.room(Room.IDENTITY),
                keys.reading(),
                keys.issuer(),
                authority,
                epochs,
                trail,
                time,
                Randomness.system(),
                limits);
    }

    /** The same revocation epochs as another node sees and raises them. */
    public Epochs otherNode() {
        return new Epochs(new EpochTable(database.room(Room.TICKETS)), time);
    }

    SignedTicket module(String name, Operation... operations) {
        return keys.issuer()
                .module(name, new UUID(7, name.hashCode()), Set.of(operations), 0, PROCESS);
    }

    /** What the administration may do. */
    public Access access(Operation operation) {
        return access(operation, Event.INSTALLATION);
    }

    Access access(Operation operation, TenantId tenant) {
        Admission admission = done(authority.admit(module("api", operation), PROCESS));
        return done(authority.decideModule(admission, operation, tenant));
    }

    Outcome<SignedIn> signIn(SignIn door, String name, String password, String remote) {
        return door.password(
                module("imap", Operation.SIGN_IN, Operation.READ),
                PROCESS,
                name,
                Secret.ofUtf8(password),
                channel(remote),
                remote);
    }

    Admission admission(SignedIn person, String remote) {
        return done(
                authority.admit(
                        person.ticket(),
                        module(
                                "imap",
                                Operation.SIGN_IN,
                                Operation.READ,
                                Operation.FLAG,
                                Operation.SUBMIT,
                                Operation.WRITE,
                                Operation.EXPUNGE,
                                Operation.FOLDERS),
                        channel(remote),
                        PROCESS));
    }

    static ChannelBinding channel(String remote) {
        return new ChannelBinding(("connection from " + remote).getBytes(StandardCharsets.UTF_8));
    }

    List<String> told() {
        return outbox.take(100_000).stream()
                .map(Entry::bytes)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    /** What is told meanwhile. */
    List<String> told(Runnable what) {
        List<String> before = told();
        what.run();
        List<String> after = new ArrayList<>(told());
        after.removeAll(before);
        return after;
    }

    /** A well-formed address. */
    public static EmailAddress address(String text) {
        return EmailAddress.parse(text).orElseThrow();
    }

    /** The value of what went well. */
    public static <T> T done(Outcome<T> outcome) {
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
