package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Outbox;
import io.mailkeep.audit.Trail;
import io.mailkeep.database.EpochTable;
import io.mailkeep.database.Room;
import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in when something happens meanwhile, and what the audit log is told of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {
    private static final String PASSWORD = "correct horse battery";
    private static final Duration WINDOW = Duration.ofMinutes(15);

    private final Meanwhile time = new Meanwhile();

    /** What the doors of this test ask before they look at an epoch. */
    private final Meanwhile looking = new Meanwhile();

    private House house = nothing();
    private KeyOffice keys = nothing();
    private Epochs epochs = nothing();
    private Directory directory = nothing();
    private int number;
    private EmailAddress ann = address("ann@sign-in.test");

    /** The machine's time, put forward; notes pauses; does something when the test first asks. */
    private static final class Meanwhile implements Time {
        private final Thread test = Thread.currentThread();
        private final List<Duration> pauses = new ArrayList<>();
        private Optional<Runnable> first = Optional.empty();
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Time.system().instant().plus(ahead);
        }

        @Override
        public long nanos() {
            if (Thread.currentThread().equals(test)) {
                Optional<Runnable> now = first;
                first = Optional.empty();
                now.ifPresent(Runnable::run);
            }
            return Time.system().nanos() + ahead.toNanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (Thread.currentThread().equals(test)) {
                pauses.add(duration);
            } else {
                Time.system().sleep(duration);
            }
        }
    }

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder, time);
        keys = new KeyOffice(house.keys, folder);
        epochs = new Epochs(new EpochTable(house.database.room(Room.TICKETS)), looking);
        directory = house.directory(epochs, house.trail, time);
        done(
                directory.addTenant(
                        house.access(Operation.DIRECTORY), "Sign-in", "local", "sign-in.test"));
    }

    @AfterAll
    void close() {
        epochs.close();
        keys.close();
        house.close();
    }

    @BeforeEach
    void somebodyNew() {
        ann = added("ann" + number++ + "@sign-in.test").address();
    }

    private Directory.AccountInfo added(String address) {
        return done(directory.addAccount(
                        house.access(Operation.DIRECTORY),
                        address(address),
                        "A person",
                        Optional.of(Secret.ofUtf8(PASSWORD))))
                .account();
    }

    /** A door that goes by the epochs of this test, which bears so many failures a name. */
    private SignIn door(int failures, Trail trail) {
        return house.signIn(
                epochs,
                trail,
                new SignInLimits(
                        WINDOW,
                        3,
                        failures,
                        10_000,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        1_000));
    }

    private SignIn door() {
        return door(1_000, house.trail);
    }

    private Outcome<SignedIn> right(SignIn door) {
        return house.signIn(door, ann.text(), PASSWORD, "192.0.2.1");
    }

    private Outcome<SignedIn> wrong(SignIn door) {
        return house.signIn(door, ann.text(), "wrong password", "192.0.2.1");
    }

    private Admission admitted() {
        return house.admission(done(right(door())), "192.0.2.1");
    }

    private List<String> told(Runnable what) {
        return house.told(what).stream()
                .filter(entry -> entry.contains("identity.sign-in"))
                .toList();
    }

    @Test
    @Claim({"ATK-79", "ATK-86"})
    void anAccountThatIsDisabledMeanwhileIsNotLetIn() {
        SignIn door = door();
        looking.first =
                Optional.of(() ->
                        done(directory.setDisabled(house.access(Operation.DIRECTORY), ann, true)));
        assertThat(right(door)).isInstanceOf(Outcome.Refused.class);
        assertThat(looking.first).isEmpty();
    }

    @Test
    @Claim({"ATK-86", "DAT-6"})
    void sessionsThatAreEndedMeanwhileAreNeitherRenewedNorLent() {
        var bob = added("bob" + number + "@sign-in.test");
        done(directory.setRights(house.access(Operation.DIRECTORY), bob.address(), ann, "r"));
        var mailbox =
                done(house.signIn(door(), bob.address().text(), PASSWORD, "192.0.2.2")).mailbox();
        SignIn door = door();
        Admission renewing = admitted();
        sessionsEndMeanwhile();
        refusedAndTold("renewal", () -> door.renew(renewing));
        assertThat(looking.first).isEmpty();
        Admission lending = admitted();
        sessionsEndMeanwhile();
        refusedAndTold("delegate " + mailbox, () -> door.delegate(lending, mailbox));
        assertThat(looking.first).isEmpty();
        done(door.delegate(admitted(), mailbox));
    }

    private void refusedAndTold(String object, Supplier<Outcome<SignedTicket>> what) {
        assertThat(house.told(() -> assertThat(what.get()).isInstanceOf(Outcome.Refused.class)))
                .filteredOn(entry -> entry.contains("tickets.decision"))
                .singleElement()
                .asString()
                .contains("REFUSED", object);
    }

    /** After the authority let a ticket through, before the door looks at its epoch. */
    private void sessionsEndMeanwhile() {
        looking.first =
                Optional.of(() ->
                        done(
                                directory.setPassword(
                                        house.access(Operation.DIRECTORY),
                                        ann,
                                        Optional.of(Secret.ofUtf8(PASSWORD)))));
    }

    @Test
    @Claim("ATK-86")
    void anAccountThatACrashLeftDisabledWithItsSessionsIsNotRenewed() throws SQLException {
        Admission admission = admitted();
        done(door().renew(admission));
        var mailbox = done(right(door())).mailbox();
        var bob = added("bob" + number + "@sign-in.test");
        done(directory.setRights(house.access(Operation.DIRECTORY), bob.address(), ann, "r"));
        Admission before = admitted();
        try (Connection owner = SharedPostgres.owner(house.location);
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "update identity.account set disabled = true where mailbox_id = '"
                            + mailbox.value()
                            + "'");
        }
        assertThat(door().renew(before)).isInstanceOf(Outcome.Refused.class);
        var theirs =
                done(house.signIn(door(), bob.address().text(), PASSWORD, "192.0.2.2")).mailbox();
        assertThat(door().delegate(before, theirs)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim("ATK-82")
    void anExpiredTicketIsNotRenewed() {
        Admission admission = admitted();
        time.ahead = time.ahead.plusMinutes(16);
        assertThat(door().renew(admission)).isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "r, READ",
        "s, FLAG",
        "w, FLAG",
        "i, WRITE",
        "t, EXPUNGE",
        "e, EXPUNGE",
        "k, FOLDERS",
        "x, FOLDERS",
        "l, ",
        "p, ",
        "a, "
    })
    @Claim("DAT-3")
    void eachRightOfRfc4314GivesItsOperationAndNoOther(String right, Operation operation) {
        var bob = added("bob" + number + "@sign-in.test");
        done(directory.setRights(house.access(Operation.DIRECTORY), bob.address(), ann, right));
        var mailbox =
                done(house.signIn(door(), bob.address().text(), PASSWORD, "192.0.2.2")).mailbox();
        Outcome<SignedTicket> ticket = door().delegate(admitted(), mailbox);
        assertThat(ticket instanceof Outcome.Done).isEqualTo(operation != null);
        if (operation != null) {
            Admission delegate = admittedWith(done(ticket));
            assertThat(delegate.person().orElseThrow().operations()).containsExactly(operation);
        }
    }

    private Admission admittedWith(SignedTicket ticket) {
        return done(
                house.authority.admit(
                        ticket,
                        house.module("imap", Operation.values()),
                        House.channel("192.0.2.1"),
                        House.PROCESS));
    }

    @Test
    @Claim({"DAT-3", "ATK-84"})
    void aDelegateGetsNoMoreThanTheirOwnTicketHas() {
        var bob = added("bob" + number + "@sign-in.test");
        done(directory.setRights(house.access(Operation.DIRECTORY), bob.address(), ann, "rs"));
        var mailbox =
                done(house.signIn(door(), bob.address().text(), PASSWORD, "192.0.2.2")).mailbox();
        var own = (io.mailkeep.tickets.Ticket.User) admitted().person().orElseThrow();
        Admission narrow = admittedWith(house.keys.issuer().narrow(own, Set.of(Operation.READ)));
        Admission delegate = admittedWith(done(door().delegate(narrow, mailbox)));
        assertThat(delegate.person().orElseThrow().operations()).containsExactly(Operation.READ);
    }

    @Test
    @Claim({"DAT-3", "ATK-83"})
    void aModuleThatMayNotSignPeopleInOrIsAnotherProcessDoesNot() {
        for (var process : List.of(House.PROCESS, House.channel("another process"))) {
            Set<Operation> operations = EnumSet.of(Operation.SIGN_IN);
            if (process.equals(House.PROCESS)) {
                operations = EnumSet.complementOf(EnumSet.of(Operation.SIGN_IN));
            }
            assertThat(
                            door().password(
                                            house.module(
                                                    "imap", operations.toArray(Operation[]::new)),
                                            process,
                                            ann.text(),
                                            Secret.ofUtf8(PASSWORD),
                                            House.channel("192.0.2.1"),
                                            "192.0.2.1"))
                    .isInstanceOf(Outcome.Refused.class);
        }
    }

    /** An audit log that can't be written. */
    private static final class Away implements Outbox {
        @Override
        public void append(List<Entry> entries) {
            throw new Unavailable(Problem.temporary("The audit log is away.", "test"));
        }

        @Override
        public List<Entry> take(int limit) {
            return List.of();
        }

        @Override
        public void published(Collection<UUID> ids) {}

        @Override
        public Backlog backlog() {
            return new Backlog(0, Duration.ZERO);
        }
    }

    @Test
    @Claim({"DAT-6", "ATK-116"})
    void withoutTheAuditLogNobodyIsLetInAndNoGuessIsAnswered() {
        SignIn door =
                door(
                        1_000,
                        new Trail(new Away(), house.keys.subjects(), time, Randomness.system()));
        assertThatThrownBy(() -> right(door)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> wrong(door)).isInstanceOf(Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody@sign-in.test", "a@elsewhere.test", "nonsense"})
    @Claim("DAT-6")
    void anAttemptOnNobodyIsTold(String name) {
        assertThat(told(() -> house.signIn(door(), name, PASSWORD, "192.0.2.3")))
                .singleElement()
                .asString()
                .contains("REFUSED", "nobody");
    }

    @Test
    @Claim({"DAT-6", "ATK-103"})
    void anAttemptWhileTheKeysAreSealedIsToldAndNoGuess() {
        SignIn door = door(1, house.trail);
        done(keys.admin.seal(house.access(Operation.KEYS)));
        try {
            assertThat(
                            told(() ->
                                    assertThatThrownBy(() -> right(door))
                                            .isInstanceOf(Unavailable.class)))
                    .singleElement()
                    .asString()
                    .contains("REFUSED", "unavailable");
        } finally {
            done(keys.admin.unseal(house.access(Operation.KEYS)));
        }
        done(right(door));
    }

    @Test
    @Claim({"ATK-65", "ATK-115"})
    void turnedAwayAttemptsAreToldAtTheFirstSecondFourthAndEighth() {
        SignIn door = door(1, house.trail);
        wrong(door);
        assertThat(
                        told(() -> {
                            for (int i = 0; i < 12; i++) {
                                right(door);
                            }
                        }))
                .hasSize(4)
                .allMatch(entry -> entry.contains("throttled"));
    }

    @Test
    @Claim("ATK-65")
    void theOwnerOfALockedNameIsToldOnceADay() {
        SignIn door = door(2, house.trail);
        List<Guesses> guesses = new ArrayList<>();
        door.tellOwners(guesses::add);
        wrong(door);
        wrong(door);
        assertThat(guesses).isEmpty();
        for (int i = 0; i < 10; i++) {
            right(door);
        }
        assertThat(guesses).extracting(Guesses::address).containsExactly(ann);
        assertThat(guesses.getFirst().tries()).isEqualTo(2);
        assertThat(guesses.getFirst().window()).isEqualTo(WINDOW);
    }

    @Test
    @Claim("ATK-65")
    void failuresBeyondTheFreeOnesAreAnsweredLaterAndSuccessesAreNoFailures() {
        SignIn door = door();
        time.pauses.clear();
        for (int i = 0; i < 10; i++) {
            done(right(door));
        }
        assertThat(time.pauses).isEmpty();
        for (int i = 0; i < 6; i++) {
            wrong(door);
        }
        assertThat(time.pauses)
                .containsExactly(
                        Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    @Claim("ATK-65")
    void longNamesAreCountedByTheirBeginning() {
        SignIn door = door(1, house.trail);
        String name = "x".repeat(254);
        house.signIn(door, name + "a", PASSWORD, "192.0.2.4");
        Outcome<SignedIn> again = house.signIn(door, name + "b", PASSWORD, "192.0.2.4");
        assertThat(again)
                .isEqualTo(house.signIn(door, name + "c", PASSWORD, "192.0.2.4"))
                .extracting(Object::toString)
                .asString()
                .contains("454");
    }

    @Test
    @Claim({"ATK-65", "ATK-69"})
    void anAttemptThatFindsTheServerBusyIsNoFailure() {
        SignIn door = door(1, house.trail);
        var over = new AtomicBoolean();
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_200; i++) {
                crowd.execute(() -> keepBusy(over));
            }
            try {
                Outcome<SignedIn> answer = right(door);
                // a place may have been free just then
                for (int tries = 0; tries < 20 && answer instanceof Outcome.Done; tries++) {
                    answer = right(door);
                }
                assertThat(answer)
                        .isInstanceOf(Outcome.Deferred.class)
                        .asString()
                        .contains("at once");
            } finally {
                over.set(true);
                crowd.shutdownNow();
            }
        }
        done(right(door));
    }

    /** Guesses on, without a door, whenever there is a place. */
    private void keepBusy(AtomicBoolean over) {
        while (!over.get()) {
            house.keys
                    .issuer()
                    .signIn(
                            "nobody " + Thread.currentThread().threadId(),
                            Optional.empty(),
                            Secret.ofUtf8(PASSWORD),
                            Optional.empty(),
                            House.PROCESS);
            try {
                Time.system().sleep(Duration.ofMillis(1));
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }
}
