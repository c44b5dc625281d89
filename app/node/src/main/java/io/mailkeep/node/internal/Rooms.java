package io.mailkeep.node.internal;

import io.mailkeep.api.AdminAccess;
import io.mailkeep.api.Refusal;
import io.mailkeep.audit.AuditLimits;
import io.mailkeep.audit.AuditLog;
import io.mailkeep.audit.CheckpointKey;
import io.mailkeep.audit.RememberedCheckpoint;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.Database;
import io.mailkeep.database.DatabaseLocation;
import io.mailkeep.database.DatabaseSettings;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.database.EpochTable;
import io.mailkeep.database.OutboxTable;
import io.mailkeep.database.Room;
import io.mailkeep.database.TreeTables;
import io.mailkeep.identity.Directory;
import io.mailkeep.identity.SignIn;
import io.mailkeep.identity.SignInLimits;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.KeyAdmin;
import io.mailkeep.keys.Keys;
import io.mailkeep.keys.KeysSettings;
import io.mailkeep.mailbox.Backing;
import io.mailkeep.mailbox.MailboxLimits;
import io.mailkeep.mailbox.Mailboxes;
import io.mailkeep.mailbox.StoreDoctor;
import io.mailkeep.segments.SegmentLimits;
import io.mailkeep.segments.SegmentStore;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.segments.Volumes;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TicketAuthority;
import io.mailkeep.tickets.TicketClock;
import io.mailkeep.transport.ModulePass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * All rooms below the wire, put together in the order in which they stand on each other, and taken
 * apart in the opposite one. Nothing here decides anything.
 */
final class Rooms implements AutoCloseable {
    private final Closing closing = new Closing();
    private final Configuration configuration;
    private final Installation installation;
    final Time time;

    /** The machine's own clock, for what has to follow it back. */
    final Time clock;

    final Randomness randomness;
    final Database database;
    final OutboxTable outbox;
    final Keys keys;
    final Trail trail;
    final KeyAdmin keyAdmin;
    final CheckpointKey checkpointKey;
    final AuditLog auditLog;
    final Epochs epochs;
    final TicketAuthority authority;
    final ModuleTickets tickets;
    final SegmentStore segments;
    final Spool spool;
    final Backing backing;
    final Mailboxes mailboxes;
    final StoreDoctor storeDoctor;
    final Directory directory;
    final SignIn signIn;
    final RetentionClock retention;

    Rooms(
            Configuration configuration,
            Installation installation,
            TicketClock time,
            Randomness randomness,
            Progress progress)
            throws IOException {
        this.time = time;
        this.clock = time.guarded();
        this.randomness = randomness;
        this.configuration = configuration;
        this.installation = installation;
        try {
            Volumes volumes = volumes();
            database = closing.add(openDatabase(progress));
            database.warnings().forEach(progress::say);
            progress.say("Opening the keys …");
            TreeTables tree = new TreeTables(database.room(Room.TREE));
            outbox = new OutboxTable(database.room(Room.AUDIT));
            keys = closing.add(openKeys(tree));
            trail = new Trail(outbox, keys.subjects(), time, randomness);
            keyAdmin = keys.admin(trail);
            progress.say("Opening the audit log …");
            checkpointKey =
                    Identities.checkpointKey(
                            keys.device(), installation.id(), installation.fresh());
            auditLog = closing.add(openAuditLog());
            epochs = closing.add(new Epochs(new EpochTable(database.room(Room.TICKETS)), time));
            authority = new TicketAuthority(keys.issuer()::publicKey, epochs, trail, time);
            tickets = new ModuleTickets(keys.issuer(), epochs, randomness, time);
            progress.say("Opening the volumes …");
            segments =
                    closing.add(
                            SegmentStore.open(volumes, time, randomness, SegmentLimits.standard()));
            spool = closing.add(new Spool(configuration.spool(), randomness, spoolLimits()));
            backing = backing();
            storeDoctor = new StoreDoctor(backing, tree);
            mailboxes =
                    closing.add(
                            new Mailboxes(
                                    backing,
                                    MailboxLimits.standard(),
                                    auditLog::backlogGate,
                                    time,
                                    randomness));
            directory = openDirectory();
            signIn = openSignIn();
            retention =
                    new RetentionClock(
                            configuration.directory().resolve("retention-clock"),
                            configuration.expunged(),
                            time);
        } catch (RuntimeException | IOException | Error e) {
            closing.close();
            throw e;
        }
    }

    private Volumes volumes() {
        Volumes volumes =
                new Volumes(installation.id(), configuration.region(), configuration.volumes());
        if (installation.fresh()) {
            volumes.initialise();
        }
        volumes.check();
        return volumes;
    }

    private Database openDatabase(Progress progress) throws IOException {
        return Database.open(
                new DatabaseSettings(
                        location(configuration),
                        installation.id(),
                        time,
                        randomness,
                        progress::say));
    }

    private Keys openKeys(TreeTables tree) {
        return Keys.open(
                new KeysSettings(
                        configuration.keysA(),
                        configuration.keysB(),
                        installation.id(),
                        installation.fresh(),
                        this::checkpointAhead),
                tree,
                time,
                randomness);
    }

    /** Whether the log of this checkpoint holds more than the database accounts for. */
    private boolean checkpointAhead(byte[] checkpoint) {
        return RememberedCheckpoint.size(new String(checkpoint, StandardCharsets.UTF_8))
                .map(size -> size > outbox.accountedFor())
                .orElse(true);
    }

    private AuditLog openAuditLog() {
        return AuditLog.open(
                configuration.auditA(),
                configuration.auditB(),
                installation.id(),
                checkpointKey,
                Identities.remembered(keys.device()),
                outbox,
                trail,
                clock,
                AuditLimits.DEFAULT);
    }

    private SpoolLimits spoolLimits() {
        SpoolLimits standard = SpoolLimits.standard();
        return new SpoolLimits(
                standard.memoryEach(), standard.memoryTotal(), configuration.spoolBytes());
    }

    private Backing backing() {
        return new Backing(
                database.room(Room.MAILBOX),
                new DropboxCalls(database.room(Room.DROPBOX)),
                keys.delivery(),
                keys.reading(),
                segments,
                trail);
    }

    private Directory openDirectory() {
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

    private SignIn openSignIn() {
        return new SignIn(
                database.room(Room.IDENTITY),
                keys.reading(),
                keys.issuer(),
                authority,
                epochs,
                trail,
                time,
                randomness,
                SignInLimits.STANDARD);
    }

    private static DatabaseLocation location(Configuration configuration) throws IOException {
        if (configuration.databaseUrl().isEmpty()) {
            return new DatabaseLocation.Embedded(configuration.directory().resolve("postgres"));
        }
        var file =
                configuration
                        .databasePasswordFile()
                        .orElseThrow(() ->
                                new ConfigurationException(
                                        "database.url is set, so database.password-file must name"
                                                + " the file with the owner's password."));
        return new DatabaseLocation.External(
                configuration.databaseUrl().get(),
                configuration.databaseUser(),
                Secret.ofUtf8(Files.readString(file).strip()));
    }

    /** A module's pass: its ticket, admitted once. */
    ModulePass pass(String module) {
        return new ModulePass(authority, tickets.of(module), tickets.process());
    }

    /** What the api module may do: each call is decided by the authority. */
    AdminAccess adminAccess() {
        return access(pass("api"));
    }

    /** What background work may do. */
    Access maintenance() {
        return access(pass("maintenance"))
                .to(Operation.MAINTAIN, io.mailkeep.audit.Event.INSTALLATION);
    }

    private AdminAccess access(ModulePass pass) {
        return (operation, tenant) -> {
            Admission admission = Refusal.orRefuse(pass.admission());
            return Refusal.orRefuse(authority.decideModule(admission, operation, tenant));
        };
    }

    @Override
    public void close() {
        closing.close();
    }
}
