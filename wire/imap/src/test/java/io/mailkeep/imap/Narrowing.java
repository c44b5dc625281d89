package io.mailkeep.imap;

import io.mailkeep.identity.SignedIn;
import io.mailkeep.imap.internal.Login;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Sessions;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.imap.internal.command.Verbs;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.mailbox.StoreFixture;
import io.mailkeep.net.Connection;
import io.mailkeep.net.Listener;
import io.mailkeep.testing.client.ImapClient;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.Ticket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Sessions of the real server with one command more, {@code ENTER}: it signs in with a ticket that
 * the test chooses, as often as it likes. No client could do that: it shows what the server does
 * with such a ticket.
 */
final class Narrowing implements io.mailkeep.net.Session, AutoCloseable {
    /** What a person has. */
    static final Set<Operation> ALL =
            EnumSet.of(
                    Operation.READ,
                    Operation.FLAG,
                    Operation.WRITE,
                    Operation.EXPUNGE,
                    Operation.FOLDERS);

    private final ImapFixture imap;
    private final ImapRooms rooms;
    private final Sessions sessions;
    private final Listener listener;
    private final Verbs verbs = new Verbs();
    private volatile String address = "";
    private volatile Function<SignedTicket, SignedTicket> chosen = Function.identity();
    private volatile Optional<SignedIn> proved = Optional.empty();

    /**
     * @param module what the module's ticket allows
     */
    Narrowing(ImapFixture imap, Set<Operation> module) throws IOException {
        this.imap = imap;
        ImapRooms usual = imap.rooms();
        this.rooms =
                new ImapRooms(
                        usual.mailboxes(),
                        usual.signIn(),
                        usual.authority(),
                        () -> imap.moduleTicket(module),
                        usual.process(),
                        usual.spool(),
                        usual.trail(),
                        usual.time(),
                        usual.randomness());
        this.sessions = new Sessions(usual.time(), 100_000);
        this.listener = imap.listen(this);
    }

    @Override
    public void run(Connection connection) throws IOException {
        new Session(
                        connection,
                        rooms,
                        ImapLimits.standard(),
                        name -> name.equals("ENTER") ? Optional.of(new Enter()) : verbs.find(name),
                        sessions)
                .run();
    }

    /** A connection on which {@link #enter} works. */
    ImapClient connect(String account) throws IOException {
        address = account;
        proved = Optional.empty();
        return ImapClient.tls("localhost", listener.address().getPort(), imap.trust());
    }

    /** Signs in with this ticket; answers the ticket's id. */
    String enter(ImapClient client, Function<SignedTicket, SignedTicket> ticket)
            throws IOException {
        chosen = ticket;
        return client.run("ENTER").tagged();
    }

    /** Signs in with a ticket without this operation; answers the ticket's id. */
    String without(ImapClient client, Operation missing) throws IOException {
        EnumSet<Operation> rest = EnumSet.copyOf(ALL);
        rest.remove(missing);
        return with(client, rest);
    }

    /** Signs in with a ticket for these operations; answers the ticket's id. */
    String with(ImapClient client, Set<Operation> operations) throws IOException {
        String answer =
                enter(
                        client,
                        ticket ->
                                imap.store()
                                        .keys()
                                        .issuer()
                                        .narrow(person(ticket), EnumSet.copyOf(operations)));
        if (!answer.startsWith("OK ")) {
            throw new AssertionError(answer);
        }
        return answer.substring(3);
    }

    /** The ticket that the password gave on this connection. */
    SignedTicket proof() {
        return proved.orElseThrow().ticket();
    }

    private volatile ChannelBinding channel = new ChannelBinding(new byte[0]);

    private Ticket.User person(SignedTicket ticket) {
        Outcome<Admission> admission =
                rooms.authority().admit(ticket, rooms.module().get(), channel, rooms.process());
        return (Ticket.User) StoreFixture.done(admission).person().orElseThrow();
    }

    private final class Enter implements Verb {
        @Override
        public Stage stage() {
            return Stage.ANY;
        }

        @Override
        public Reply run(Session session, Tokens arguments) {
            channel = new ChannelBinding(session.connection().channelBinding());
            if (proved.isEmpty()) {
                byte[] password = ImapFixture.PASSWORD.getBytes(StandardCharsets.UTF_8);
                proved =
                        Optional.of(
                                StoreFixture.done(
                                        rooms.signIn()
                                                .password(
                                                        imap.moduleTicket(
                                                                Set.of(Operation.SIGN_IN)),
                                                        rooms.process(),
                                                        address,
                                                        Secret.owning(password),
                                                        channel,
                                                        "127.0.0.1")));
            }
            SignedIn who = proved.get();
            SignedTicket ticket = chosen.apply(who.ticket());
            SignedIn narrowed =
                    new SignedIn(
                            who.tenant(), who.account(), who.mailbox(), ticket, who.addresses());
            return switch (Login.of(rooms, narrowed, channel)) {
                case Outcome.Done<Login>(Login login) -> {
                    session.signedIn(login);
                    yield Reply.ok(id(ticket));
                }
                case Outcome.Deferred<Login> _ -> Reply.no("", "deferred");
                case Outcome.Refused<Login> _ -> Reply.no("", "refused");
            };
        }

        private String id(SignedTicket ticket) {
            return person(ticket).id().toString();
        }
    }

    @Override
    public void close() {
        listener.close();
        sessions.close();
    }

    /** Every operation that a person may lack. */
    static List<Operation> operations() {
        return List.copyOf(ALL);
    }
}
