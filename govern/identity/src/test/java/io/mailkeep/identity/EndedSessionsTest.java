package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.database.EpochTable;
import io.mailkeep.database.Room;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.EpochStore;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.TicketAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A new password ends the sessions under the old one, whatever happens meanwhile")
class EndedSessionsTest {
    private static final EmailAddress ANN = address("ann@ended.test");
    private static final String PASSWORD = "correct horse battery";

    private House house = nothing();
    private Raised raised = nothing();
    private Epochs epochs = nothing();

    /** The epochs as the database has them; something happens when the first was raised. */
    private static final class Raised implements EpochStore {
        private final EpochStore table;
        private Runnable first = () -> {};

        private Raised(EpochStore table) {
            this.table = table;
        }

        @Override
        public long current(UUID subject) {
            return table.current(subject);
        }

        @Override
        public long raise(UUID subject) {
            Runnable now = first;
            first = () -> {};
            long epoch = table.raise(subject);
            now.run();
            return epoch;
        }

        @Override
        public List<Change> since(long number) {
            return table.since(number);
        }
    }

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        raised = new Raised(new EpochTable(house.database.room(Room.TICKETS)));
        epochs = new Epochs(raised, Time.system());
        done(
                house.directory.addTenant(
                        house.access(Operation.DIRECTORY), "Ended", "local", "ended.test"));
        done(
                house.directory.addAccount(
                        house.access(Operation.DIRECTORY),
                        ANN,
                        "A person",
                        Optional.of(Secret.ofUtf8(PASSWORD))));
    }

    @AfterEach
    void close() {
        epochs.close();
        house.close();
    }

    private void newPassword() {
        done(
                house.directory(epochs, house.trail, Time.system())
                        .setPassword(
                                house.access(Operation.DIRECTORY),
                                ANN,
                                Optional.of(Secret.ofUtf8("another password"))));
    }

    private Outcome<Admission> admitted(Epochs node, SignedTicket ticket) {
        return new TicketAuthority(house.keys.issuer()::publicKey, node, house.trail, Time.system())
                .admit(
                        ticket,
                        house.module("imap", Operation.READ),
                        House.channel("192.0.2.1"),
                        House.PROCESS);
    }

    /** The old password is still the one when the sessions are ended first. */
    private SignedTicket slipsIn() {
        try (Epochs node = house.otherNode()) {
            var limits =
                    new SignInLimits(
                            Duration.ofMinutes(15), 10, 10, 10, Duration.ZERO, Duration.ZERO, 10);
            SignIn door = house.signIn(node, house.trail, limits);
            SignedTicket ticket =
                    done(house.signIn(door, ANN.text(), PASSWORD, "192.0.2.1")).ticket();
            done(admitted(node, ticket));
            return ticket;
        }
    }

    @Test
    @DisplayName("Who slips in between, at another node, is out after it")
    @Claim({"ACC-1", "ATK-86"})
    void slippedIn() {
        List<SignedTicket> tickets = new ArrayList<>();
        raised.first = () -> tickets.add(slipsIn());
        newPassword();
        try (Epochs node = house.otherNode()) {
            assertThat(tickets)
                    .singleElement()
                    .satisfies(ticket ->
                            assertThat(admitted(node, ticket)).isInstanceOf(Outcome.Refused.class));
        }
    }

    @Test
    @DisplayName("When they can't be ended the password stays as it is")
    @Claim({"ACC-1", "ATK-86"})
    void notEnded() {
        raised.first =
                () -> {
                    throw new Unavailable(Problem.temporary("The epochs are away.", "test"));
                };
        assertThatThrownBy(this::newPassword).isInstanceOf(Unavailable.class);
        done(house.signIn(house.signIn, ANN.text(), PASSWORD, "192.0.2.1"));
    }
}
