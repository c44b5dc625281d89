package io.mailkeep.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.AuditLimits;
import io.mailkeep.audit.AuditLog;
import io.mailkeep.audit.CheckpointKey;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.RememberedCheckpoint;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.Database;
import io.mailkeep.database.DatabaseLocation;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.database.EpochTable;
import io.mailkeep.database.OutboxTable;
import io.mailkeep.database.Room;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.database.TreeTables;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.KeyAdmin;
import io.mailkeep.keys.Keys;
import io.mailkeep.keys.KeysSettings;
import io.mailkeep.message.Outline;
import io.mailkeep.message.OutlineLimits;
import io.mailkeep.segments.Clear;
import io.mailkeep.segments.SegmentLimits;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.segments.Volumes;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Standing;
import io.mailkeep.tickets.Ticket;
import io.mailkeep.tickets.TicketAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A whole store for tests, of real parts: PostgreSQL, class volumes, key folders, audit log.
 * Closing it runs the doctor and fails on what it finds.
 *
 * <p>{@link #restart} and {@link #crash} open the same data again, as a process does that was
 * stopped or killed.
 */
public final class StoreFixture implements AutoCloseable {
    private static final ChannelBinding PROCESS = new ChannelBinding(new byte[] {1});
    private static final ChannelBinding CHANNEL = new ChannelBinding(new byte[] {2});
    private static final UUID NODE = new UUID(0, 1);
    private static final Set<Operation> PERSONS =
            Set.of(
                    Operation.READ,
                    Operation.FLAG,
                    Operation.WRITE,
                    Operation.EXPUNGE,
                    Operation.FOLDERS,
                    Operation.SUBMIT);

    private final Path folder;
    private volatile DatabaseLocation.External location;
    private final InstallationId installation = SharedPostgres.INSTALLATION;
    private final CheckpointKey checkpointKey = CheckpointKey.generate(installation);
    private final Remembered remembered = new Remembered();
    private final Randomness randomness = Randomness.system();
    private final Time time;
    private final MailboxLimits limits;
    private volatile Parts parts;

    /** A person with a mailbox. */
    public record Person(TenantId tenant, AccountId account, MailboxId mailbox) {}

    private record Parts(
            Database database,
            Keys keys,
            HeardOutbox outbox,
            Trail trail,
            AuditLog audit,
            KeyAdmin admin,
            SegmentStore segments,
            Epochs epochs,
            TicketAuthority authority,
            Backing backing,
            Mailboxes mailboxes) {}

    private StoreFixture(MailboxLimits limits, Time time) {
        this.time = time;
        this.limits = limits;
        try {
            this.folder = Files.createTempDirectory("mailkeep-store");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        this.location = SharedPostgres.location();
        volumes().initialise();
        this.parts = start();
    }

    /** An empty store. */
    public static StoreFixture open() {
        return open(Time.system());
    }

    /** An empty store that goes by this time. */
    public static StoreFixture open(Time time) {
        return new StoreFixture(MailboxLimits.standard(), time);
    }

    /** An empty store with limits of its own. */
    public static StoreFixture open(MailboxLimits limits) {
        return new StoreFixture(limits, Time.system());
    }

    /** The room under test. */
    public Mailboxes mailboxes() {
        return parts.mailboxes();
    }

    /** What it stands on. */
    public Backing backing() {
        return parts.backing();
    }

    /** The database. */
    public Database database() {
        return parts.database();
    }

    /** The keys. */
    public Keys keys() {
        return parts.keys();
    }

    /** Rotation, destruction, settling. */
    public KeyAdmin admin() {
        return parts.admin();
    }

    /** The volumes. */
    public SegmentStore segments() {
        return parts.segments();
    }

    /** Revocation. */
    public Epochs epochs() {
        return parts.epochs();
    }

    /** Decisions on tickets. */
    public TicketAuthority authority() {
        return parts.authority();
    }

    /** The audit trail. */
    public Trail trail() {
        return parts.trail();
    }

    /** The folder that holds volumes, audit folders and keys. */
    public Path folder() {
        return folder;
    }

    /** Where the database is. */
    public DatabaseLocation.External location() {
        return location;
    }

    /** The folders of the data directory: all but the keys. */
    public List<Path> dataFolders() {
        return List.of(folder.resolve("volumes"), folder.resolve("audit"));
    }

    /** A fresh company. */
    public TenantId tenant() {
        return new TenantId(randomness.uuid());
    }

    /** A fresh person with a mailbox in this company. */
    public Person person(TenantId tenant) {
        MailboxId mailbox = mailboxes().create(module(Operation.DIRECTORY, tenant), tenant);
        return new Person(tenant, new AccountId(randomness.uuid()), mailbox);
    }

    /** A person of a company of their own. */
    public Person person() {
        return person(tenant());
    }

    /** What a person may do in their own mailbox, through the module {@code imap}. */
    public Access access(Person person, Operation operation) {
        return access(person, person.mailbox(), operation);
    }

    /** An access of this person's ticket to a mailbox. */
    public Access access(Person person, MailboxId mailbox, Operation operation) {
        Instant now = time.instant();
        Ticket.User ticket =
                new Ticket.User(
                        randomness.uuid(),
                        person.tenant(),
                        person.account(),
                        mailbox,
                        new SessionId(randomness.uuid()),
                        1,
                        now,
                        PERSONS,
                        now,
                        now.plus(Duration.ofMinutes(5)),
                        epochs().current(person.account().value()),
                        CHANNEL.digest());
        SignedTicket signed =
                keys().issuer().renew(ticket, epochs().current(person.account().value()));
        Admission admission =
                done(authority().admit(signed, signedModule("imap", PERSONS), CHANNEL, PROCESS));
        return done(authority().decide(admission, operation));
    }

    /** What a module may do on its own. */
    public Access module(Operation operation, TenantId tenant) {
        Admission admission =
                done(authority().admit(signedModule("maintenance", Set.of(operation)), PROCESS));
        return done(authority().decideModule(admission, operation, tenant));
    }

    /** The standing ticket of a person's mailbox. */
    public Standing standing(Person person) {
        return mailboxes()
                .standing(
                        module(Operation.RESOLVE, person.tenant()),
                        person.tenant(),
                        person.mailbox())
                .orElseThrow();
    }

    /** The right to deliver into a person's mailbox. */
    public Access delivering(Standing standing) {
        Admission admission =
                done(authority().admit(signedModule("smtp", Set.of(Operation.DELIVER)), PROCESS));
        return done(authority().decideDelivery(admission, standing));
    }

    /** The mailbox of a person, for one operation. */
    public Mailbox mailbox(Person person, Operation operation) {
        return mailboxes().open(access(person, operation));
    }

    /** A fresh delivery id. */
    public CopyId id() {
        return new CopyId(randomness.uuid());
    }

    /** A message on its way in, of class <em>sensitive</em>. */
    public Incoming message(String text) {
        return message(DataClass.SENSITIVE, text);
    }

    /** A message on its way in. */
    public Incoming message(DataClass dataClass, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return new Incoming(
                    dataClass,
                    Clear.of(bytes),
                    Outline.of(new ByteArrayInputStream(bytes), OutlineLimits.STANDARD));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A stranger's mail to a person's INBOX. */
    public Delivery delivery(Person person, CopyId id, Incoming message) {
        Standing standing = standing(person);
        return new Delivery(
                delivering(standing),
                id,
                Optional.empty(),
                message,
                "Return-Path: <>\r\n".getBytes(StandardCharsets.UTF_8),
                Flags.NONE,
                time.instant(),
                Optional.of(standing),
                Map.of());
    }

    /** Delivers to a person's INBOX. */
    public Dropbox.Receipt deliver(Person person, String text) {
        Delivery delivery = delivery(person, id(), message(text));
        return done(mailboxes().dropbox().deliver(List.of(delivery)).getFirst());
    }

    /** A person's INBOX. */
    public Folder inbox(Person person) {
        return mailbox(person, Operation.READ).folder(FolderName.INBOX).orElseThrow();
    }

    /** The value of a done request; fails otherwise. */
    public static <T> T done(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    /** Whether an entry that holds all these words is durable: in the outbox, or in the log. */
    public boolean told(String... words) {
        return !entries(words).isEmpty();
    }

    /** The durable entries that hold all these words. */
    public Set<String> entries(String... words) {
        Set<String> entries = new HashSet<>(parts.outbox().waiting());
        entries.addAll(parts.outbox().taken());
        entries.removeIf(one -> !Stream.of(words).allMatch(one::contains));
        return entries;
    }

    /** What the doctor finds now. */
    public List<String> findings() {
        return new StoreDoctor(backing(), new TreeTables(database().room(Room.TREE)))
                .check(module(Operation.MAINTAIN, Event.INSTALLATION));
    }

    /** Stops and starts again. */
    public void restart() {
        stop();
        parts = start();
    }

    /** Starts again without having stopped: the earlier process loses the fence. */
    public void crash() {
        parts.audit().close();
        Parts lost = parts;
        parts = start();
        lost.mailboxes().close();
        lost.segments().close();
        lost.epochs().close();
        lost.keys().close();
        lost.database().close();
    }

    /** The database as it is now, aside. */
    public DatabaseLocation.External snapshot() {
        stop();
        DatabaseLocation.External copy = SharedPostgres.copy(location);
        parts = start();
        return copy;
    }

    /** Starts again on an earlier database; volumes, key folders and audit log are as they are. */
    public void goBack(DatabaseLocation.External earlier) {
        stop();
        location = earlier;
        parts = start();
    }

    /** Sweeps orphans, as a start does. */
    public long sweep() {
        return new Sweep(backing()).run(module(Operation.MAINTAIN, Event.INSTALLATION));
    }

    /** Runs the doctor, stops and deletes everything. */
    @Override
    public void close() {
        List<String> findings;
        try {
            findings = findings();
        } finally {
            stop();
            delete();
        }
        assertThat(findings).as("what the doctor found").isEmpty();
    }

    private void stop() {
        parts.mailboxes().close();
        parts.audit().close();
        parts.segments().close();
        parts.epochs().close();
        parts.keys().close();
        parts.database().close();
    }

    private Parts start() {
        Database database = SharedPostgres.open(location, installation);
        Keys keys =
                Keys.open(
                        KeysSettings.of(
                                folder.resolve("keys-a"), folder.resolve("keys-b"), installation),
                        new TreeTables(database.room(Room.TREE)),
                        time,
                        randomness);
        HeardOutbox outbox = new HeardOutbox(new OutboxTable(database.room(Room.AUDIT)));
        Trail trail = new Trail(outbox, keys.subjects(), time, randomness);
        AuditLog audit =
                AuditLog.open(
                        folder.resolve("audit").resolve("a"),
                        folder.resolve("audit").resolve("b"),
                        installation,
                        checkpointKey,
                        remembered,
                        outbox,
                        trail,
                        time,
                        AuditLimits.DEFAULT);
        SegmentStore segments =
                SegmentStore.open(
                        volumes(),
                        time,
                        randomness,
                        SegmentLimits.standard().withRefuseAbove(0.999));
        Epochs epochs = new Epochs(new EpochTable(database.room(Room.TICKETS)), time);
        TicketAuthority authority =
                new TicketAuthority(() -> keys.issuer().publicKey(), epochs, trail, time);
        Backing backing =
                new Backing(
                        database.room(Room.MAILBOX),
                        new DropboxCalls(database.room(Room.DROPBOX)),
                        keys.delivery(),
                        keys.reading(),
                        segments,
                        trail);
        Mailboxes mailboxes = new Mailboxes(backing, limits, audit::backlogGate, time, randomness);
        return new Parts(
                database,
                keys,
                outbox,
                trail,
                audit,
                keys.admin(trail),
                segments,
                epochs,
                authority,
                backing,
                mailboxes);
    }

    private Volumes volumes() {
        Map<DataClass, Path> paths = new EnumMap<>(DataClass.class);
        for (DataClass one : DataClass.values()) {
            paths.put(one, folder.resolve("volumes").resolve(one.label()));
        }
        return new Volumes(installation, "test", paths);
    }

    private SignedTicket signedModule(String module, Set<Operation> operations) {
        UUID subject =
                UUID.nameUUIDFromBytes(("module:" + module).getBytes(StandardCharsets.UTF_8));
        return keys().issuer().module(module, NODE, operations, epochs().current(subject), PROCESS);
    }

    private void delete() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A key device's memory of the last checkpoint. */
    private static final class Remembered implements RememberedCheckpoint {
        private volatile Optional<String> last = Optional.empty();

        @Override
        public Optional<String> read() {
            return last;
        }

        @Override
        public void write(String checkpoint) {
            last = Optional.of(checkpoint);
        }
    }
}
