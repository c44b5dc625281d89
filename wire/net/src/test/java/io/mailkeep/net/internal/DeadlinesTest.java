package io.mailkeep.net.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.net.NetLimits;
import io.mailkeep.testing.sim.SimTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection's patience: for an octet, for a phase, for a write")
@Claim({"ATK-139", "NET-2"})
class DeadlinesTest {
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration NANOSECOND = Duration.ofNanos(1);

    private final SimTime time = new SimTime();
    private final Deadlines deadlines = new Deadlines(time, STALL, Duration.ofSeconds(20));

    @Test
    void aReadWaitsForAnOctetAndNeverBeyondThePhase() {
        deadlines.phase(Duration.ofSeconds(10), Duration.ofSeconds(30));
        assertThat(deadlines.readMillis()).isEqualTo(10_000);
        time.advance(Duration.ofSeconds(25));
        assertThat(deadlines.readMillis()).isEqualTo(5_000);
        time.advance(Duration.ofSeconds(5));
        assertThat(deadlines.readMillis()).isZero();
    }

    @Test
    void theFirstPhaseIsTheHandshakes() {
        assertThat(deadlines.readMillis()).isEqualTo(20_000);
        time.advance(Duration.ofSeconds(20));
        assertThat(deadlines.readMillis()).isZero();
    }

    @Test
    void lessThanAMillisecondIsStillAWait() {
        deadlines.phase(NANOSECOND, NANOSECOND);
        assertThat(deadlines.readMillis()).isEqualTo(1);
    }

    @Test
    void aPhaseThatIsOverIsCutAfterTheGraceForTheFarewell() {
        deadlines.phase(Duration.ofSeconds(10), Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(35));
        assertThat(deadlines.passed()).isFalse();
        time.advance(NANOSECOND);
        assertThat(deadlines.passed()).isTrue();
        deadlines.phase(Duration.ofSeconds(10), Duration.ofSeconds(30));
        assertThat(deadlines.passed()).isFalse();
    }

    @Test
    void aWriteThatStallsIsCutAndEachOneHasItsOwnTime() {
        deadlines.phase(Duration.ofHours(1), Duration.ofHours(1));
        deadlines.writing();
        time.advance(STALL);
        assertThat(deadlines.passed()).isFalse();
        time.advance(NANOSECOND);
        assertThat(deadlines.passed()).isTrue();
        deadlines.written();
        assertThat(deadlines.passed()).isFalse();
        time.advance(STALL);
        deadlines.writing();
        assertThat(deadlines.passed()).isFalse();
    }

    @Test
    void aReaderThatKeepsReadingSlowlyIsCutWhenThePhaseIsOver() {
        deadlines.phase(Duration.ofMinutes(5), Duration.ofMinutes(30));
        for (int minute = 0; minute < 30; minute++) {
            deadlines.writing();
            time.advance(Duration.ofSeconds(59));
            assertThat(deadlines.passed()).isFalse();
            deadlines.written();
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(Duration.ofSeconds(6));
        assertThat(deadlines.passed()).isTrue();
    }

    @Test
    @Claim("ATK-140")
    void theConnectionsOfAllAddressesTogetherAreLimited() throws UnknownHostException {
        Duration any = Duration.ofSeconds(1);
        Budget budget = new Budget(new NetLimits(3, 2, 50, any, any, any));
        for (int i = 1; i <= 3; i++) {
            assertThat(budget.take(InetAddress.getByName("10.0." + i + ".1"))).isTrue();
        }
        InetAddress fourth = InetAddress.getByName("10.0.4.1");
        assertThat(budget.take(fourth)).isFalse();
        budget.give(InetAddress.getByName("10.0.1.1"));
        assertThat(budget.take(fourth)).isTrue();
        assertThat(budget.count()).isEqualTo(3);
    }
}
