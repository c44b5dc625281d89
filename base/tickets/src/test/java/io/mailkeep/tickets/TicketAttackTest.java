package io.mailkeep.tickets;

import static io.mailkeep.tickets.Operation.DELIVER;
import static io.mailkeep.tickets.Operation.EXPUNGE;
import static io.mailkeep.tickets.Operation.FLAG;
import static io.mailkeep.tickets.Operation.KEYS;
import static io.mailkeep.tickets.Operation.READ;
import static io.mailkeep.tickets.Operation.RESOLVE;
import static io.mailkeep.tickets.Operation.SIGN_IN;
import static io.mailkeep.tickets.Operation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way to get more from a ticket than was given ({@code DAT-3}). */
@Claim("DAT-3")
class TicketAttackTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private int storedBefore;
    private long countedBefore;

    /** Refused in the one shape, and told: by an entry of its own or counted with its equals. */
    private void refused(Outcome<?> outcome, String reason) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        Problem problem = ((Outcome.Refused<?>) outcome).problem();
        assertThat(problem.text()).isEqualTo("You are not allowed to do this.");
        assertThat(problem.reply()).isEqualTo(550);
        String entry = "\"decision\":\"REFUSED\"";
        String why = "\"reason\":\"" + reason + "\"";
        int stored = bench.rows.entries.size();
        if (stored > storedBefore) {
            assertThat(bench.rows.last()).contains("tickets.decision", entry, why);
        } else {
            assertThat(bench.trail.counted()).as("counted").isGreaterThan(countedBefore);
            assertThat(bench.rows.entries)
                    .map(it -> new String(it.bytes(), StandardCharsets.UTF_8))
                    .anyMatch(it -> it.contains(entry) && it.contains(why));
        }
        storedBefore = stored;
        countedBefore = bench.trail.counted();
    }

    private Admission reader() {
        return Bench.done(bench.admit(bench.user(READ, FLAG), bench.module("imap", READ, FLAG)));
    }

    @Test
    @Claim("ATK-81")
    void everyFlippedBitIsRefusedAndRecorded() {
        SignedTicket module = bench.sign(bench.module("imap", READ));
        SignedTicket good = bench.sign(bench.user(READ, FLAG));
        Bench.done(bench.authority.admit(good, module, bench.channel, bench.process));
        int before = bench.rows.entries.size();
        int flips = 0;
        for (int bit = 0; bit < good.encoded().length * 8; bit++, flips++) {
            byte[] bytes = good.encoded().clone();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(admit(new SignedTicket(bytes, good.signature()), module))
                    .as("bit %d", bit)
                    .isInstanceOf(Outcome.Refused.class);
        }
        for (int bit = 0; bit < good.signature().length * 8; bit++, flips++) {
            byte[] bytes = good.signature().clone();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(admit(new SignedTicket(good.encoded(), bytes), module))
                    .as("signature bit %d", bit)
                    .isInstanceOf(Outcome.Refused.class);
        }
        assertThat(bench.rows.entries.size() + bench.trail.counted()).isEqualTo(before + flips);
    }

    private Outcome<Admission> admit(SignedTicket person, SignedTicket module) {
        return bench.authority.admit(person, module, bench.channel, bench.process);
    }

    @Test
    @Claim("ATK-81")
    void truncatedOversizeForeignAndUnknownFormsAreRefused() {
        SignedTicket module = bench.sign(bench.module("imap", READ));
        byte[] encoded = TicketCodec.encode(bench.user(READ));
        for (int length = 0; length < encoded.length; length++) {
            refused(
                    admit(Bench.sign(Arrays.copyOf(encoded, length), bench.key), module),
                    "MALFORMED");
        }
        refused(
                admit(Bench.sign(Arrays.copyOf(encoded, encoded.length + 1), bench.key), module),
                "MALFORMED");
        refused(admit(Bench.sign(new byte[1 << 20], bench.key), module), "MALFORMED");
        refused(admit(new SignedTicket(encoded, new byte[1 << 20]), module), "SIGNATURE");
        refused(admit(new SignedTicket(encoded, new byte[0]), module), "SIGNATURE");
        refused(admit(Bench.sign(encoded, Bench.pair()), module), "SIGNATURE");
        byte[] version = encoded.clone();
        version[0] = 2;
        refused(admit(Bench.sign(version, bench.key), module), "MALFORMED");
        byte[] kind = encoded.clone();
        kind[1] = 4;
        refused(admit(Bench.sign(kind, bench.key), module), "MALFORMED");
    }

    @Test
    @Claim("ATK-81")
    void aSetWithUnknownTwiceOrUnsortedCodesIsNoTicket() {
        byte[] encoded = TicketCodec.encode(bench.user(READ, FLAG));
        int codes = 2 + 5 * 18 + 10 + 14 + 2;
        assertThat(encoded[codes]).isEqualTo((byte) READ.code());
        byte[][] wrong = {{4, 4}, {5, 4}, {4, 99}, {0, 4}, {4, -1}};
        for (byte[] set : wrong) {
            byte[] bytes = encoded.clone();
            System.arraycopy(set, 0, bytes, codes, 2);
            assertThat(TicketCodec.decode(bytes)).isEmpty();
        }
    }

    @Test
    @Claim("ATK-81")
    void aSignatureOverTheBareEncodingIsNone() throws Exception {
        byte[] encoded = TicketCodec.encode(bench.user(READ));
        var signature = java.security.Signature.getInstance("Ed25519");
        signature.initSign(bench.key.getPrivate());
        signature.update(encoded);
        refused(
                admit(
                        new SignedTicket(encoded, signature.sign()),
                        bench.sign(bench.module("imap", READ))),
                "SIGNATURE");
    }

    @Test
    @Claim("ATK-82")
    void validFromItsFirstInstantToBeforeItsLast() {
        Ticket.User user = bench.user(READ);
        Ticket.Module module = bench.module("imap", READ);
        bench.time.pass(Duration.ofMinutes(15).minusNanos(1));
        Bench.done(bench.admit(user, module));
        bench.time.pass(Duration.ofNanos(1));
        refused(bench.admit(user, module), "EXPIRED");
        bench.time.pass(Duration.ofSeconds(1));
        refused(bench.admit(user, module), "EXPIRED");
    }

    @Test
    @Claim("ATK-86")
    void aModuleThatWasRevokedDecidesNothingMoreForAnybody() {
        Ticket.Module module = bench.module("imap", READ);
        Admission admitted = Bench.done(bench.admit(bench.user(READ), module));
        Access access = Bench.done(bench.authority.decide(admitted, READ));
        bench.epochs.revoke(module.subject());
        refused(bench.authority.decide(admitted, READ), "REVOKED");
        assertThatThrownBy(access::recheck).isInstanceOf(AccessDenied.class);
    }

    @Test
    @Claim("ATK-82")
    void aTicketSignedForLongerThanADayIsRefused() {
        Ticket.Module module = bench.module("imap", READ);
        for (long seconds : new long[] {86_400, 86_401}) {
            Ticket.Module lasting =
                    new Ticket.Module(
                            module.id(),
                            "imap",
                            module.node(),
                            Set.of(READ),
                            Bench.START,
                            Bench.START.plusSeconds(seconds),
                            0,
                            module.binding());
            Outcome<Admission> admission =
                    bench.authority.admit(bench.sign(lasting), bench.process);
            if (seconds == 86_400) {
                Bench.done(admission);
            } else {
                refused(admission, "LIVES_TOO_LONG");
            }
        }
    }

    @Test
    @Claim("ATK-82")
    void notYetValidIsRefused() {
        Instant later = Bench.START.plusSeconds(1);
        Ticket.Module module = bench.module("imap", READ);
        Ticket.Module early =
                new Ticket.Module(
                        module.id(),
                        "imap",
                        module.node(),
                        Set.of(READ),
                        later,
                        later.plusSeconds(60),
                        0,
                        module.binding());
        refused(bench.authority.admit(bench.sign(early), bench.process), "NOT_YET_VALID");
    }

    @Test
    @Claim("ATK-82")
    void aClockSetBackRevivesNoTicketAndAFreshOneStillWorks() {
        Admission admission = reader();
        Access access = Bench.done(bench.authority.decide(admission, READ));
        bench.time.pass(Duration.ofSeconds(901));
        refused(bench.authority.decide(admission, READ), "EXPIRED");
        bench.time.wall = Duration.ofSeconds(10);
        refused(bench.authority.decide(admission, READ), "EXPIRED");
        assertThat(bench.rows.last()).contains("\"clock\":\"set back\"");
        assertThatThrownBy(access::recheck).isInstanceOf(AccessDenied.class);
        // Time goes on by the monotone clock while the wall stands still.
        TicketClock guarded = new TicketClock(bench.time);
        Instant at = guarded.instant();
        bench.time.wall = Duration.ofHours(-1);
        bench.time.mono = bench.time.mono.plusSeconds(7);
        assertThat(guarded.instant()).isEqualTo(at.plusSeconds(7));
        assertThat(guarded.setBack()).isTrue();
    }

    @Test
    @Claim("ATK-83")
    void anotherConnectionOrProcessIsRefused() {
        SignedTicket user = bench.sign(bench.user(READ));
        SignedTicket module = bench.sign(bench.module("imap", READ));
        ChannelBinding other = new ChannelBinding(bench.random.bytes(32));
        refused(bench.authority.admit(user, module, other, bench.process), "BINDING");
        refused(bench.authority.admit(user, module, bench.channel, other), "BINDING");
        refused(bench.authority.admit(module, other), "BINDING");
    }

    @Test
    @Claim("ATK-84")
    void narrowingOnlyTakesAway() {
        Ticket.User user = bench.user(READ, FLAG);
        for (Ticket ticket :
                new Ticket[] {user, bench.delegate(READ, FLAG), bench.module("imap", READ, FLAG)}) {
            Ticket less =
                    ticket.narrowed(
                            bench.random.uuid(),
                            EnumSet.allOf(Operation.class),
                            ticket.expires().plusSeconds(9999));
            assertThat(less.operations()).isEqualTo(ticket.operations());
            assertThat(less.expires()).isEqualTo(ticket.expires());
            Ticket least =
                    ticket.narrowed(
                            bench.random.uuid(), Set.of(READ, EXPUNGE), Bench.START.plusSeconds(5));
            assertThat(least.operations()).containsExactly(READ);
            assertThat(least.expires()).isEqualTo(Bench.START.plusSeconds(5));
            assertThat(least.subject()).isEqualTo(ticket.subject());
            assertThatThrownBy(
                            () -> ticket.narrowed(bench.random.uuid(), Set.of(READ), Bench.START))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Claim("ATK-84")
    void wideningBreaksTheSignature() {
        SignedTicket module = bench.sign(bench.module("imap", READ, EXPUNGE));
        Ticket.User user = bench.user(READ);
        byte[] signature = bench.sign(user).signature();
        Ticket.User wider =
                new Ticket.User(
                        user.id(),
                        new TenantId(bench.random.uuid()),
                        user.account(),
                        user.mailbox(),
                        user.session(),
                        9,
                        user.authenticated(),
                        Set.of(READ, EXPUNGE),
                        user.notBefore(),
                        user.expires().plusSeconds(60),
                        user.epoch(),
                        user.binding());
        refused(admit(new SignedTicket(TicketCodec.encode(wider), signature), module), "SIGNATURE");
        Admission admission = Bench.done(admit(bench.sign(user), module));
        refused(bench.authority.decide(admission, EXPUNGE), "PERSON_LACKS_OPERATION");
        assertThatThrownBy(
                        () -> Bench.done(bench.authority.decide(admission, READ)).require(EXPUNGE))
                .isInstanceOf(AccessDenied.class);
    }

    @Test
    @Claim({"ATK-85", "ACC-3"})
    void borrowedTicketsAreRefusedAndBothAreNamed() {
        Ticket.User user = bench.user(READ, WRITE);
        Ticket.Module smtp = bench.module("smtp", RESOLVE, DELIVER, SIGN_IN);
        Admission delivering = Bench.done(bench.authority.admit(bench.sign(smtp), bench.process));
        refused(bench.authority.decide(delivering, READ), "NO_PERSON");
        refused(bench.authority.decideModule(delivering, READ, bench.tenant), "NEEDS_A_PERSON");
        refused(bench.authority.decideModule(delivering, DELIVER, bench.tenant), "NEEDS_A_PERSON");
        refused(
                bench.authority.decideModule(delivering, KEYS, Event.INSTALLATION),
                "MODULE_LACKS_OPERATION");
        Admission both = Bench.done(bench.admit(user, smtp));
        refused(bench.authority.decide(both, READ), "MODULE_LACKS_OPERATION");
        assertThat(bench.rows.last())
                .contains(user.id().toString(), smtp.id().toString(), "\"module\":\"smtp\"")
                .contains(user.account().toString(), bench.tenant.toString());
        refused(admit(bench.sign(user), bench.sign(user)), "BINDING");
        SignedTicket module = bench.sign(smtp);
        refused(
                bench.authority.admit(module, module, bench.process, bench.process),
                "NOT_A_PERSON");
        refused(
                bench.authority.admit(
                        bench.sign(user), bench.sign(user), bench.channel, bench.channel),
                "NOT_A_MODULE");
        Admission imap =
                Bench.done(
                        bench.authority.admit(
                                bench.sign(bench.module("imap", READ)), bench.process));
        refused(
                bench.authority.decideDelivery(imap, new Standing(bench.tenant, bench.mailbox, 0)),
                "MODULE_LACKS_OPERATION");
    }

    @Test
    @Claim({"ATK-84", "ACC-3"})
    void anAccessNamesTheTicketsTenantMailboxAndOneOperation() {
        for (Ticket person : new Ticket[] {bench.user(READ, WRITE), bench.delegate(READ, WRITE)}) {
            Admission admission =
                    Bench.done(bench.admit(person, bench.module("imap", READ, WRITE)));
            Access access = Bench.done(bench.authority.decide(admission, READ));
            assertThat(access.tenant()).isEqualTo(bench.tenant);
            assertThat(access.requireMailbox()).isEqualTo(bench.mailbox);
            assertThat(access.account()).contains(bench.account);
            assertThat(access.ticket()).isEqualTo(person.id());
            access.require(READ);
            assertThatThrownBy(() -> access.require(WRITE)).isInstanceOf(AccessDenied.class);
        }
        Admission alone =
                Bench.done(
                        bench.authority.admit(
                                bench.sign(bench.module("smtp", RESOLVE, DELIVER)), bench.process));
        Access wide = Bench.done(bench.authority.decideModule(alone, RESOLVE, Event.INSTALLATION));
        assertThat(wide.tenant()).isEqualTo(Event.INSTALLATION);
        assertThat(wide.account()).isEmpty();
        assertThatThrownBy(wide::requireMailbox).isInstanceOf(AccessDenied.class);
        Access delivery =
                Bench.done(
                        bench.authority.decideDelivery(
                                alone, new Standing(bench.tenant, bench.mailbox, 0)));
        assertThat(delivery.requireMailbox()).isEqualTo(bench.mailbox);
        assertThat(delivery.account()).isEmpty();
        assertThatThrownBy(() -> delivery.require(READ)).isInstanceOf(AccessDenied.class);
        bench.epochs.revoke(bench.mailbox.value());
        assertThatThrownBy(delivery::recheck).isInstanceOf(AccessDenied.class);
        refused(
                bench.authority.decideDelivery(alone, new Standing(bench.tenant, bench.mailbox, 0)),
                "STANDING_WITHDRAWN");
    }

    @Test
    @Claim({"ATK-81", "DAT-6"})
    void aRefusalThatCannotBeToldStaysOne() {
        Admission admission = reader();
        bench.rows.away = true;
        assertThat(bench.authority.decide(admission, WRITE)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim("ATK-87")
    void anAccessHasNoWayInAndNoWayOut() {
        assertThat(Access.class.getConstructors()).isEmpty();
        assertThat(Admission.class.getConstructors()).isEmpty();
        assertThat(java.lang.reflect.Modifier.isFinal(Access.class.getModifiers())).isTrue();
        assertThat(java.io.Serializable.class.isAssignableFrom(Access.class)).isFalse();
    }
}
