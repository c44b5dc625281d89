package io.mailkeep.imap;

import io.mailkeep.audit.Event;
import io.mailkeep.database.Room;
import io.mailkeep.identity.Directory;
import io.mailkeep.identity.Recipient;
import io.mailkeep.identity.Resolution;
import io.mailkeep.identity.SignIn;
import io.mailkeep.identity.SignInLimits;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.mailbox.StoreFixture;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.net.AuthorityKey;
import io.mailkeep.net.Certificates;
import io.mailkeep.net.Guard;
import io.mailkeep.net.Listener;
import io.mailkeep.net.ListenerSettings;
import io.mailkeep.net.NetLimits;
import io.mailkeep.net.Tls;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.testing.client.Trust;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The IMAP server on real sockets over the real store, directory, keys and audit log; one for all
 * test classes of a run. Its end runs the store's doctor.
 */
final class ImapFixture implements AutoCloseable {
    static final String PASSWORD = "correct horse battery staple 9";
    private static final ChannelBinding PROCESS = new ChannelBinding(new byte[] {7, 7});
    private static final Set<Operation> OPERATIONS =
            Set.of(
                    Operation.SIGN_IN,
                    Operation.READ,
                    Operation.FLAG,
                    Operation.WRITE,
                    Operation.EXPUNGE,
                    Operation.FOLDERS);

    private final StoreFixture store;
    private final Randomness randomness = Randomness.system();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Directory directory;
    private final ImapServer server;
    private final ImapRooms rooms;
    private final Tls tls;
    private final AtomicInteger admissions = new AtomicInteger();
    private final Listener startTls;
    private final Listener implicit;
    private final SSLContext trust;
    private final TenantId tenant;

    /** Hands the one fixture to tests. */
    static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ImapFixture.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(
                            ImapFixture.class, _ -> new ImapFixture(ImapLimits.standard()));
        }
    }

    ImapFixture(ImapLimits limits) {
        this(limits, Time.system());
    }

    /**
     * @param time what tickets and sessions go by; sockets go by the machine's
     */
    ImapFixture(ImapLimits limits, Time time) {
        this.store = StoreFixture.open(time);
        try {
            directory =
                    new Directory(
                            store.database().room(Room.IDENTITY),
                            store.keys().reading(),
                            store.keys().issuer(),
                            store.mailboxes(),
                            store.epochs(),
                            store.trail(),
                            time,
                            randomness);
            SignIn signIn =
                    new SignIn(
                            store.database().room(Room.IDENTITY),
                            store.keys().reading(),
                            store.keys().issuer(),
                            store.authority(),
                            store.epochs(),
                            store.trail(),
                            time,
                            randomness,
                            new SignInLimits(
                                    Duration.ofMinutes(1),
                                    90,
                                    90,
                                    900,
                                    Duration.ZERO,
                                    Duration.ZERO,
                                    1_000));
            Path spool = Files.createDirectories(store.folder().resolve("spool"));
            rooms =
                    new ImapRooms(
                            store.mailboxes(),
                            signIn,
                            store.authority(),
                            this::moduleTicket,
                            PROCESS,
                            new Spool(spool, randomness, SpoolLimits.standard()),
                            store.trail(),
                            time,
                            randomness);
            server = new ImapServer(rooms, limits);
            Path tlsFolder = store.folder().resolve("tls");
            tls = new Tls(Certificates.own(tlsFolder, "localhost", new Vault(), time, randomness));
            trust = Trust.in(tlsFolder.resolve("ca.pem"));
            startTls = listen("imap", false, server);
            implicit = listen("imaps", true, server);
            tenant = addTenant("imap" + randomness.below(1_000_000) + ".test");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private final java.util.concurrent.ConcurrentHashMap<TenantId, String> domains =
            new java.util.concurrent.ConcurrentHashMap<>();

    TenantId addTenant(String domain) {
        TenantId added =
                StoreFixture.done(directory.addTenant(directoryAccess(), domain, "eu-1", domain));
        domains.put(added, domain);
        return added;
    }

    /** A further listener, whose sessions are the test's own; under TLS. */
    Listener listen(io.mailkeep.net.Session session) throws IOException {
        return listen("test", true, session);
    }

    private Listener listen(String name, boolean implicitTls, io.mailkeep.net.Session session)
            throws IOException {
        return Listener.open(
                new ListenerSettings(
                        name,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        implicitTls,
                        ImapServer.BUSY,
                        List.of()),
                Optional.of(tls),
                NetLimits.standard(),
                new Guard(Time.system(), _ -> {}),
                Time.system(),
                randomness,
                session);
    }

    private SignedTicket moduleTicket() {
        admissions.incrementAndGet();
        return moduleTicket(OPERATIONS);
    }

    /** How often the server asked for its module's ticket: at each sign-in and renewal. */
    int admissions() {
        return admissions.get();
    }

    /** A ticket of the module for these operations. */
    SignedTicket moduleTicket(Set<Operation> operations) {
        UUID subject = UUID.nameUUIDFromBytes("module:imap".getBytes(StandardCharsets.UTF_8));
        return store.keys()
                .issuer()
                .module(
                        "imap",
                        new UUID(0, 2),
                        operations,
                        store.epochs().current(subject),
                        PROCESS);
    }

    private Access directoryAccess() {
        return store.module(Operation.DIRECTORY, Event.INSTALLATION);
    }

    ImapRooms rooms() {
        return rooms;
    }

    StoreFixture store() {
        return store;
    }

    Directory directory() {
        return directory;
    }

    SSLContext trust() {
        return trust;
    }

    int startTlsPort() {
        return startTls.address().getPort();
    }

    /** A fresh account of the one company, with {@link #PASSWORD}. */
    String account() {
        String address = "u" + numbers.incrementAndGet() + "@" + domains.get(tenant);
        StoreFixture.done(
                directory.addAccount(
                        directoryAccess(),
                        EmailAddress.parse(address).orElseThrow(),
                        "User",
                        Optional.of(Secret.ofUtf8(PASSWORD))));
        return address;
    }

    void disable(String address) {
        StoreFixture.done(
                directory.setDisabled(
                        directoryAccess(), EmailAddress.parse(address).orElseThrow(), true));
    }

    /** A connection before STARTTLS. */
    ImapClient plain() throws IOException {
        return ImapClient.plain("localhost", startTlsPort());
    }

    /** A connection under TLS, nobody signed in. */
    ImapClient tls() throws IOException {
        return ImapClient.tls("localhost", implicit.address().getPort(), trust);
    }

    /** A connection signed in as a fresh account. */
    ImapClient signedIn() throws IOException {
        return signedIn(account());
    }

    /** A connection signed in as this account. */
    ImapClient signedIn(String address) throws IOException {
        ImapClient client = tls();
        ImapClient.Answer answer = client.run("LOGIN " + address + " \"" + PASSWORD + "\"");
        if (!answer.isOk()) {
            throw new AssertionError(answer.text());
        }
        return client;
    }

    /** A connection with INBOX selected, which holds these messages. */
    ImapClient inbox(String... messages) throws IOException {
        ImapClient client = signedIn();
        for (String message : messages) {
            client.append("INBOX", "", message.replace("\n", "\r\n"));
        }
        client.run("SELECT INBOX");
        return client;
    }

    /** A stranger's mail. */
    void deliver(String address, String message) {
        Access access = store.module(Operation.RESOLVE, Event.INSTALLATION);
        Resolution resolution =
                directory.resolve(access, EmailAddress.parse(address).orElseThrow());
        Recipient to = ((Resolution.Local) resolution).recipient();
        store.deliver(new Person(to.tenant(), to.account(), to.mailbox()), message);
    }

    @Override
    public void close() {
        startTls.close();
        implicit.close();
        server.close();
        store.close();
    }

    private static final class Vault implements AuthorityKey {
        private Optional<Secret> key = Optional.empty();

        @Override
        public Optional<Secret> load() {
            return key.map(secret -> Secret.owning(secret.exposeSecretBytes()));
        }

        @Override
        public void store(Secret secret) {
            key = Optional.of(Secret.owning(secret.exposeSecretBytes()));
        }
    }
}
