package io.mailkeep.tickets;

import static io.mailkeep.tickets.Operation.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Time;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Revocation is seen within a second, everywhere and after everything ({@code ATK-86}). */
@Claim("ATK-86")
class EpochsTest {
    @Test
    void revokedHereHoldsAtOnceInTheMiddleOfWork() {
        try (Bench bench = new Bench()) {
            Ticket.User user = bench.user(READ);
            Admission admission = Bench.done(bench.admit(user, bench.module("imap", READ)));
            Access access = Bench.done(bench.authority.decide(admission, READ));
            access.recheck();
            bench.epochs.revoke(user.subject());
            assertThatThrownBy(access::recheck).isInstanceOf(AccessDenied.class);
            assertThat(bench.authority.decide(admission, READ)).isInstanceOf(Outcome.Refused.class);
            assertThat(bench.rows.last()).contains("REVOKED");
            // A restart: new memory over the old store.
            try (Epochs again = new Epochs(bench.store, bench.time)) {
                assertThat(again.current(user.subject())).isEqualTo(1);
            }
        }
    }

    @Test
    void revokedOnAnotherNodeIsSeenWithinASecond() throws InterruptedException {
        Bench.Store store = new Bench.Store();
        Time time = Time.system();
        UUID subject = new UUID(1, 2);
        try (Epochs here = new Epochs(store, time)) {
            store.raise(subject);
            long until = time.nanos() + Duration.ofSeconds(1).toNanos();
            while (here.current(subject) == 0 && time.nanos() < until) {
                time.sleep(Duration.ofMillis(5));
            }
            assertThat(here.current(subject)).isEqualTo(1);
        }
    }

    @Test
    void aNumberDrawnEarlyAndCommittedLateIsSeen() {
        try (Bench bench = new Bench()) {
            UUID early = new UUID(0, 1);
            bench.store.raise(new UUID(0, 2));
            bench.store.raise(new UUID(0, 3));
            bench.time.pass(Duration.ofSeconds(1));
            assertThat(bench.epochs.current(new UUID(0, 3))).isEqualTo(1);
            bench.store.late(early, 1);
            bench.time.pass(Duration.ofSeconds(1));
            assertThat(bench.epochs.current(early)).isEqualTo(1);
        }
    }

    @Test
    void anUnreadableStoreDefersAndNothingKnownIsForgotten() {
        try (Bench bench = new Bench()) {
            Ticket.User user = bench.user(READ);
            Admission admission = Bench.done(bench.admit(user, bench.module("imap", READ)));
            bench.epochs.revoke(new UUID(7, 7));
            bench.store.away = true;
            bench.time.pass(Duration.ofSeconds(2));
            assertThat(bench.authority.decide(admission, READ))
                    .isInstanceOf(Outcome.Deferred.class);
            bench.store.away = false;
            Bench.done(bench.authority.decide(admission, READ));
            assertThat(bench.epochs.current(new UUID(7, 7))).isEqualTo(1);
        }
    }

    @Test
    void aDecisionCostsFarLessThanASignature() {
        try (Bench bench = new Bench()) {
            Admission admission =
                    Bench.done(bench.admit(bench.user(READ), bench.module("imap", READ)));
            Access access = Bench.done(bench.authority.decide(admission, READ));
            for (int use = 0; use < 100_000; use++) {
                access.recheck();
            }
            // Processor time of this thread: a loaded machine takes turns, but not more work.
            ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
            long began = cpu.getCurrentThreadCpuTime();
            for (int use = 0; use < 100_000; use++) {
                access.recheck();
            }
            long each = (cpu.getCurrentThreadCpuTime() - began) / 100_000;
            assertThat(each).as("nanoseconds a use").isLessThan(5_000);
        }
    }
}
