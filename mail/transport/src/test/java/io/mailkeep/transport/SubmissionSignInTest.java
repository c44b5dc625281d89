package io.mailkeep.transport;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.identity.Directory;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Epochs;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.Ticket;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Who signed in to send has a ticket, and goes on needing it")
class SubmissionSignInTest extends AtThePremises {
    private static final byte[] HEADER =
            "From: anna@example.test\r\nSubject: x\r\n\r\n".getBytes(US_ASCII);

    private int number;

    /** A person of this test's own. */
    private Directory.AccountInfo person() {
        number++;
        return premises.account("person" + number + "@example.test");
    }

    private static Problem refused(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Refused<?>(Problem problem) -> problem;
            case Outcome.Deferred<?> deferred -> throw new AssertionError("" + deferred);
            case Outcome.Done<?> done -> throw new AssertionError("" + done);
        };
    }

    private static Problem deferred(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Deferred<?>(Problem problem) -> problem;
            case Outcome.Refused<?> refused -> throw new AssertionError("" + refused);
            case Outcome.Done<?> done -> throw new AssertionError("" + done);
        };
    }

    @Test
    @Claim({"ACC-1", "ATK-13"})
    void theRightPasswordGivesOnesOwnAddressesAndTheRightToSend() {
        Directory.AccountInfo person = person();
        done(
                premises.directory.addAlias(
                        premises.access(), person.address(), address("Alias@example.test")));
        Submitter submitter = premises.submitter(person.address().text());
        assertThat(submitter.account()).isEqualTo(person.id());
        assertThat(submitter.tenant()).isEqualTo(person.tenant());
        assertThat(submitter.owns(address("ALIAS+tag@example.test"))).isTrue();
        assertThat(submitter.owns(address("other@example.test"))).isFalse();
        Access access = done(submitter.right().get());
        access.require(Operation.SUBMIT);
        assertThatThrownBy(() -> access.require(Operation.READ)).isInstanceOf(AccessDenied.class);
    }

    @Test
    @Claim({"ATK-15", "ATK-68"})
    void nobodyAWrongPasswordAndADisabledAccountLookTheSame() {
        Directory.AccountInfo off = person();
        done(premises.directory.setDisabled(premises.access(), off.address(), true));
        String name = person().address().text();
        Problem wrong = refused(premises.signIn(name, "wrong", "c"));
        assertThat(refused(premises.signIn("nobody@example.test", Premises.PASSWORD, "c")))
                .isEqualTo(wrong);
        assertThat(refused(premises.signIn("a@elsewhere.example", Premises.PASSWORD, "c")))
                .isEqualTo(wrong);
        assertThat(refused(premises.signIn(off.address().text(), Premises.PASSWORD, "c")))
                .isEqualTo(wrong);
    }

    @Test
    @Claim("DAT-3")
    void theTicketIsRenewedWhileItIsUsedForHours() {
        Submitter submitter = premises.submitter(person().address().text());
        for (int minutes = 0; minutes < 120; minutes += 5) {
            premises.time.advance(Duration.ofMinutes(5));
            premises.renewModuleTicket();
            assertThat(submitter.right().get()).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    @Claim("DAT-3")
    void aSignInThatNobodyUsedForTooLongDefersMailAndRefusesNone() {
        Submitter submitter = premises.submitter(person().address().text());
        premises.time.advance(Duration.ofMinutes(14));
        premises.renewModuleTicket();
        premises.time.advance(Duration.ofMinutes(1));
        Problem problem = deferred(submitter.right().get());
        assertThat(problem.reply()).isEqualTo(451);
        assertThat(problem.text()).contains("sign in again");
    }

    @Test
    @Claim({"ATK-86", "ATK-79"})
    void aDisabledAccountSendsNothingMoreInItsOpenSession() {
        Directory.AccountInfo person = person();
        Submitter submitter = premises.submitter(person.address().text());
        done(submitter.right().get());
        done(premises.directory.setDisabled(premises.access(), person.address(), true));
        assertThat(refused(submitter.right().get()).reply()).isEqualTo(550);
        refused(premises.intake.begin(Premises.origin(submitter), Optional.of(person.address())));
        premises.time.advance(Duration.ofMinutes(8));
        premises.renewModuleTicket();
        refused(submitter.right().get());
        done(premises.directory.setDisabled(premises.access(), person.address(), false));
        refused(submitter.right().get());
        done(premises.submitter(person.address().text()).right().get());
    }

    @Test
    @Claim("ATK-86")
    void aRevocationByAnotherNodeCountsWithinASecond() throws InterruptedException {
        Directory.AccountInfo person = person();
        Submitter submitter = premises.submitter(person.address().text());
        try (Epochs elsewhere = premises.otherNode()) {
            elsewhere.revoke(person.id().value());
            TimeUnit.SECONDS.sleep(1);
            refused(submitter.right().get());
        }
    }

    private Transaction begun(Directory.AccountInfo person) {
        Submitter submitter = premises.submitter(person.address().text());
        Transaction transaction =
                done(
                        premises.intake.begin(
                                Premises.origin(submitter), Optional.of(person.address())));
        assertThat(transaction.recipient(person.address())).isEmpty();
        return transaction;
    }

    private static void write(Arrival arrival, byte[] bytes) throws IOException {
        arrival.write(bytes, 0, bytes.length);
    }

    private static byte[] header(Directory.AccountInfo person) {
        return ("From: " + person.address().text() + "\r\n\r\nx\r\n").getBytes(US_ASCII);
    }

    @Test
    @Claim({"ATK-86", "DAT-3"})
    void aRightThatEndsWhileTheMessageArrivesDeliversNothing() throws IOException {
        Directory.AccountInfo person = person();
        Transaction transaction = begun(person);
        try (Arrival arrival = transaction.arrival()) {
            write(arrival, header(person));
            done(premises.directory.setDisabled(premises.access(), person.address(), true));
            assertThat(refused(transaction.deliver(arrival)).enhanced()).isEqualTo("5.7.1");
        }
    }

    @Test
    @Claim({"ATK-86", "DAT-3"})
    void aLongMessageIsNotReadOnOnceTheRightHasEnded() throws IOException {
        Directory.AccountInfo person = person();
        try (Arrival arrival = begun(person).arrival()) {
            write(arrival, header(person));
            premises.time.advance(Duration.ofSeconds(61));
            write(arrival, HEADER);
            assertThat(arrival.problem()).isEmpty();
            done(premises.directory.setDisabled(premises.access(), person.address(), true));
            write(arrival, HEADER);
            assertThat(arrival.problem()).as("it is asked once a minute").isEmpty();
            premises.time.advance(Duration.ofSeconds(61));
            write(arrival, HEADER);
            assertThat(arrival.problem().map(Problem::enhanced)).contains("5.7.1");
        }
    }

    @Test
    @Claim("DAT-3")
    void aMessageThatTakesLongerThanATicketLivesIsDelivered() throws IOException {
        Directory.AccountInfo person = person();
        Transaction transaction = begun(person);
        try (Arrival arrival = transaction.arrival()) {
            write(arrival, header(person));
            for (int minutes = 0; minutes < 28; minutes += 4) {
                premises.time.advance(Duration.ofMinutes(4));
                premises.renewModuleTicket();
                write(arrival, "more\r\n".getBytes(US_ASCII));
            }
            Outcome<QueueId> outcome = transaction.deliver(arrival);
            assertThat(done(outcome)).isEqualTo(transaction.id());
        }
    }

    @Test
    @Claim({"ATK-13", "ACC-3"})
    void onesOwnAddressesAreTheAccountsAndNobodyElses() {
        Submitter submitter = premises.submitter(person().address().text());
        assertThat(
                        refused(
                                        premises.intake.begin(
                                                Premises.origin(submitter),
                                                Optional.of(person().address())))
                                .enhanced())
                .isEqualTo("5.7.1");
    }

    @Test
    @Claim({"DAT-3", "ATK-85"})
    void theModuleNeedsItsOwnTicketToo() {
        Submitter submitter = premises.submitter(person().address().text());
        try {
            premises.epochs.revoke(Ticket.Module.subjectOf("smtp"));
            refused(submitter.right().get());
            refused(premises.signIn("anna@example.test", Premises.PASSWORD, "c"));
        } finally {
            premises.renewModuleTicket();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "nobody", "a@b@c", "\u0000@example.test", "*@example.test"})
    @Claim("ATK-11")
    void oddNamesAreNobody(String name) {
        refused(premises.signIn(name, Premises.PASSWORD, "c"));
    }
}
