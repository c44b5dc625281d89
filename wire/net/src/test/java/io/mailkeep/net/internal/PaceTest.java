package io.mailkeep.net.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.SimTime;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An address begins 100 handshakes at once and 25 a second after that")
@Claim({"NET-2", "ATK-140"})
class PaceTest {
    private final SimTime time = new SimTime();
    private final Pace pace = new Pace(time);

    private Duration turn(String address) {
        return pace.turn(InetAddress.ofLiteral(address));
    }

    private void crowd(String address) {
        for (int i = 0; i < Pace.AT_ONCE; i++) {
            assertThat(turn(address)).isZero();
        }
    }

    @Test
    void whoIsFasterWaitsAndOthersDoNot() {
        crowd("192.0.2.7");
        for (int i = 1; i <= 250; i++) {
            assertThat(turn("192.0.2.7")).isEqualTo(Pace.EACH.multipliedBy(i));
        }
        assertThat(turn("192.0.2.8")).isZero();
    }

    @Test
    void whoWaitsAWhileHasThemAllAgain() {
        crowd("192.0.2.7");
        time.advance(Pace.EACH);
        assertThat(turn("192.0.2.7")).isZero();
        assertThat(turn("192.0.2.7")).isEqualTo(Pace.EACH);
        time.advance(Duration.ofHours(1));
        crowd("192.0.2.7");
        assertThat(turn("192.0.2.7")).as("and no more than them").isEqualTo(Pace.EACH);
    }

    @Test
    @Claim("ATK-141")
    void hoppingWithinAnIpv6NetworkIsNoWayAround() {
        for (int i = 0; i < Pace.AT_ONCE; i++) {
            assertThat(turn("2001:db8:0:1::" + i)).isZero();
        }
        assertThat(turn("2001:db8:0:1:ffff::1")).isEqualTo(Pace.EACH);
        assertThat(turn("2001:db8:0:2::1")).isZero();
    }

    @Test
    void thisMachineDoesNotWaitForItself() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(turn("127.0.0.9")).isZero();
        }
        assertThat(pace.remembered()).isZero();
    }

    @Test
    void manyAddressesAreBounded() {
        for (int i = 0; i < 2 * Pace.ADDRESSES_MAX; i++) {
            turn("10." + i / 62_500 + "." + i / 250 % 250 + "." + i % 250);
        }
        assertThat(pace.remembered()).isEqualTo(Pace.ADDRESSES_MAX);
    }
}
