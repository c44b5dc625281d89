package io.mailkeep.smtp;

import io.mailkeep.audit.Event;
import io.mailkeep.identity.Recipient;
import io.mailkeep.identity.Resolution;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.mailbox.Dropbox;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.mailbox.OpenedMessage;
import io.mailkeep.mailbox.StoreFixture;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.net.AuthorityKey;
import io.mailkeep.net.Certificates;
import io.mailkeep.net.Guard;
import io.mailkeep.net.Listener;
import io.mailkeep.net.ListenerSettings;
import io.mailkeep.net.NetLimits;
import io.mailkeep.net.Network;
import io.mailkeep.net.Tls;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.Trust;
import io.mailkeep.tickets.Operation;
import io.mailkeep.transport.Collaborators;
import io.mailkeep.transport.Intake;
import io.mailkeep.transport.IntakeLimits;
import io.mailkeep.transport.Submitter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * A small mail server for tests: the four services before a whole real store. Two companies; of the
 * directory only the answers, since who is who is another room's test.
 */
final class Office implements AutoCloseable {
    static final String HOST = "mail.example.test";
    static final String ANNA = "anna@example.test";
    static final String BERT = "bert@example.test";
    static final String CORA = "cora@example2.test";
    static final String PASSWORD = "Tr0ub4dor & 3: correct horse";

    final StoreFixture store = StoreFixture.open();
    final List<Event> audit = new CopyOnWriteArrayList<>();
    final Map<String, StoreFixture.Person> people = new HashMap<>();
    final SSLContext trust;
    private final Tls tls;
    final Spool spool;
    volatile Optional<Problem> closed = Optional.empty();
    volatile boolean directoryAway;
    volatile boolean directoryBroken;
    volatile UnaryOperator<List<Outcome<Dropbox.Receipt>>> spoil = UnaryOperator.identity();
    volatile Optional<Problem> revoked = Optional.empty();
    volatile Optional<Problem> busy = Optional.empty();
    volatile Set<MailboxId> withdrawn = Set.of();
    private final Path folder;
    private final Map<SmtpService, Listener> listeners = new EnumMap<>(SmtpService.class);
    private final Map<SmtpService, Answers> answers = new EnumMap<>(SmtpService.class);

    private Office() {
        try {
            folder = Files.createTempDirectory("mailkeep-smtp");
            spool = spool(SpoolLimits.standard());
            TenantId example = store.tenant();
            people.put(ANNA, store.person(example));
            people.put(BERT, store.person(example));
            people.put(CORA, store.person());
            people.put("postmaster@example.test", people.get(ANNA));
            Certificates certificates =
                    Certificates.own(
                            folder.resolve("tls"),
                            HOST,
                            new Kept(),
                            Time.system(),
                            Randomness.system());
            tls = new Tls(certificates);
            trust = Trust.in(authority());
            for (SmtpService service : SmtpService.values()) {
                listeners.put(service, listen(service, limits(), spool));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Office open() {
        return new Office();
    }

    /** A spool of its own. */
    Spool spool(SpoolLimits limits) throws IOException {
        return new Spool(Files.createTempDirectory(folder, "spool"), Randomness.system(), limits);
    }

    /** One more service before the same store. */
    Listener listen(SmtpService service, SmtpLimits limits, Spool spooling) throws IOException {
        return listen(service, limits, spooling, NetLimits.standard(), Time.system());
    }

    /** The same with other limits of its listener, and time of the listener's own. */
    Listener listen(
            SmtpService service, SmtpLimits limits, Spool spooling, NetLimits net, Time time)
            throws IOException {
        return listen(service, limits, spooling, net, time, List.of());
    }

    /** One more, which believes proxies on this machine. */
    Listener behindProxies(SmtpService service) throws IOException {
        return listen(
                service,
                limits(),
                spool,
                NetLimits.standard(),
                Time.system(),
                List.of(Network.parse("127.0.0.0/8").orElseThrow()));
    }

    private Listener listen(
            SmtpService service,
            SmtpLimits limits,
            Spool spooling,
            NetLimits net,
            Time time,
            List<Network> proxies)
            throws IOException {
        Intake intake =
                new Intake(
                        rooms(),
                        spooling,
                        HOST,
                        IntakeLimits.standard(),
                        Time.system(),
                        Randomness.system());
        Smtp smtp = new Smtp(service, intake, this::check, limits, Time.system());
        answers.putIfAbsent(service, smtp.answers());
        return Listener.open(
                new ListenerSettings(
                        service.label(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        service.implicitTls(),
                        Smtp.BUSY,
                        proxies),
                service.lmtp() ? Optional.empty() : Optional.of(tls),
                net,
                new Guard(time, _ -> {}),
                time,
                Randomness.system(),
                smtp);
    }

    /** The standard limits with patience for a test. */
    static SmtpLimits limits() {
        return limits(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /** The standard limits with this patience. */
    static SmtpLimits limits(Duration greetPause, Duration idle, Duration overall) {
        SmtpLimits standard = SmtpLimits.standard();
        return new SmtpLimits(
                standard.commandOctets(),
                standard.authOctets(),
                standard.errors(),
                standard.refusals(),
                standard.idleCommands(),
                standard.signInFailures(),
                greetPause,
                idle,
                idle,
                overall,
                standard.drainOctets());
    }

    InetSocketAddress address(SmtpService service) {
        return listeners.get(service).address();
    }

    Listener listener(SmtpService service) {
        return listeners.get(service);
    }

    /** What this service answered so far. */
    Answers answers(SmtpService service) {
        return answers.get(service);
    }

    /** Connected to port 24 and introduced. */
    SmtpClient lmtp() throws IOException {
        return SmtpClient.connect(address(SmtpService.LMTP))
                .expect(220, HOST + " LMTP")
                .send("LHLO client.example")
                .expect(250);
    }

    /** Connected to port 25, nothing read yet. */
    SmtpClient mx() throws IOException {
        return SmtpClient.connect(address(SmtpService.MX));
    }

    /** Connected to port 587, nothing read yet. */
    SmtpClient submission() throws IOException {
        return SmtpClient.connect(address(SmtpService.SUBMISSION));
    }

    /** Signed in on port 465. */
    SmtpClient signedIn(String address) throws IOException {
        return SmtpClient.connectTls(address(SmtpService.SUBMISSIONS), trust)
                .greet()
                .signIn(address, PASSWORD)
                .expect(235, "2.7.0");
    }

    /** Everything in this person's INBOX, whole, oldest first. */
    List<byte[]> mail(String address) {
        Mailbox mailbox = store.mailbox(people.get(address), Operation.READ);
        List<byte[]> all = new ArrayList<>();
        var inbox = store.inbox(people.get(address));
        List<MessageRow> rows = mailbox.messages(inbox.id());
        mailbox.open(
                inbox.id(),
                rows.stream().map(MessageRow::uid).toList(),
                "test",
                opened -> all.add(bytes(opened.message())));
        return all;
    }

    /** What is stored of the newest message behind the trace fields. */
    byte[] newestBody(String address) {
        Mailbox mailbox = store.mailbox(people.get(address), Operation.READ);
        var inbox = store.inbox(people.get(address));
        List<byte[]> newest = new ArrayList<>();
        mailbox.open(
                inbox.id(),
                List.of(mailbox.messages(inbox.id()).getLast().uid()),
                "test",
                opened -> {
                    byte[] whole = bytes(opened.message());
                    newest.add(
                            java.util.Arrays.copyOfRange(
                                    whole, opened.message().traceLength(), whole.length));
                });
        return newest.getFirst();
    }

    /** The newest message as text, trace fields and all. */
    String newest(String address) {
        return new String(mail(address).getLast(), StandardCharsets.UTF_8);
    }

    /** SHA-256 of each message in this person's INBOX behind its trace fields, none held whole. */
    List<String> hashes(String address) {
        Mailbox mailbox = store.mailbox(people.get(address), Operation.READ);
        var inbox = store.inbox(people.get(address));
        List<String> hashes = new ArrayList<>();
        mailbox.open(
                inbox.id(),
                mailbox.messages(inbox.id()).stream().map(MessageRow::uid).toList(),
                "test",
                opened -> {
                    int trace = opened.message().traceLength();
                    try (InputStream in =
                            opened.message().range(trace, opened.message().size() - trace)) {
                        hashes.add(Flood.sha256(in::transferTo));
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                });
        return hashes;
    }

    /** The certificate authority that clients trust. */
    Path authority() {
        return folder.resolve("tls").resolve("ca.pem");
    }

    int count(String address) {
        return store.mailbox(people.get(address), Operation.READ)
                .messages(store.inbox(people.get(address)).id())
                .size();
    }

    /** Refusals on the audit log with this reason. */
    List<Event> refused(String reason) {
        return audit.stream()
                .filter(event -> event.decision() == Event.Decision.REFUSED)
                .filter(event -> reason.equals(event.facts().get("reason")))
                .toList();
    }

    List<Event> told(EventType type) {
        return audit.stream().filter(event -> event.type() == type).toList();
    }

    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
        store.close();
    }

    private Collaborators rooms() {
        return new Collaborators(
                this::resolve,
                standing ->
                        withdrawn.contains(standing.mailbox())
                                ? Outcome.failed(Problem.denied("withdrawn", "test"))
                                : Outcome.done(store.delivering(standing)),
                deliveries -> spoil.apply(store.mailboxes().dropbox().deliver(deliveries)),
                event -> {
                    store.trail().record(event);
                    audit.add(event);
                },
                () -> closed);
    }

    private Outcome<Resolution> resolve(EmailAddress address) {
        if (directoryAway) {
            throw new Unavailable(Problem.temporary("The keys are sealed", "sealed"));
        }
        if (directoryBroken) {
            throw new IllegalStateException("as asked");
        }
        if (!Set.of("example.test", "example2.test").contains(address.domain())) {
            return Outcome.done(new Resolution.Outside());
        }
        StoreFixture.Person person = people.get(address.lookupForm());
        return Outcome.done(
                person == null
                        ? new Resolution.NoSuchRecipient()
                        : new Resolution.Local(
                                new Recipient(
                                        person.tenant(),
                                        person.account(),
                                        person.mailbox(),
                                        store.standing(person))));
    }

    private Outcome<Submitter> check(
            String name, Secret password, byte[] channel, InetAddress remote) {
        if (busy.isPresent()) {
            return Outcome.failed(busy.get());
        }
        StoreFixture.Person person = people.get(name);
        if (person == null || !password.equals(Secret.ofUtf8(PASSWORD)) || channel.length != 32) {
            return Outcome.failed(Problem.malformed(535, "5.7.8", "no"));
        }
        return Outcome.done(
                new Submitter(
                        person.tenant(),
                        person.account(),
                        Set.of(EmailAddress.parse(name).orElseThrow()),
                        () ->
                                revoked.isPresent()
                                        ? Outcome.failed(revoked.get())
                                        : Outcome.done(store.access(person, Operation.SUBMIT))));
    }

    private static byte[] bytes(OpenedMessage message) {
        try (InputStream in = message.range(0, message.size())) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class Kept implements AuthorityKey {
        @Override
        public Optional<Secret> load() {
            return Optional.empty();
        }

        @Override
        public void store(Secret key) {}
    }
}
