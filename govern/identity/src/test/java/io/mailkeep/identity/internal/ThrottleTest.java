package io.mailkeep.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.identity.SignInLimits;
import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.SimTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

@Claim({"ATK-65", "ACC-1"})
class ThrottleTest {
    private final SimTime time = new SimTime();
    private final SignInLimits limits =
            new SignInLimits(Duration.ofMinutes(15), 3, 20, 100, Duration.ofSeconds(4), 1_000);
    private final Throttle throttle = new Throttle(limits, time);

    private boolean goes(String name, String remote) {
        return throttle.begin(name, remote) instanceof Throttle.Verdict.Go;
    }

    @Test
    void delaysGrowAndEnd() {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            if (throttle.begin("ann", "192.0.2.1") instanceof Throttle.Verdict.Go(Duration delay)) {
                delays.add(delay);
            }
        }
        assertThat(delays.subList(0, 3)).containsOnly(Duration.ZERO);
        assertThat(delays.get(3)).isEqualTo(Duration.ofMillis(250));
        assertThat(delays).isSorted().last().isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void oneNameIsRefusedFromEverywhereForTheWindow() {
        for (int i = 0; i < 20; i++) {
            assertThat(goes("ann", "192.0.2." + i)).isTrue();
        }
        assertThat(throttle.begin("ann", "198.51.100.1"))
                .isEqualTo(new Throttle.Verdict.TurnedAway(1, true));
        assertThat(throttle.begin("ann", "198.51.100.2"))
                .isEqualTo(new Throttle.Verdict.TurnedAway(2, true));
        assertThat(goes("bob", "198.51.100.1")).isTrue();
        time.advance(Duration.ofMinutes(16));
        assertThat(goes("ann", "198.51.100.1")).isTrue();
    }

    @Test
    void oneAddressIsRefusedWhateverTheName() {
        for (int i = 0; i < 100; i++) {
            assertThat(goes("name" + i, "2001:db8:1:2::" + i)).isTrue();
        }
        assertThat(goes("other", "2001:db8:1:2:ffff::1")).isFalse();
        assertThat(goes("other", "2001:db8:1:3::1")).isTrue();
    }

    @Test
    void whoSignedInBeforeIsntLockedOutByOthers() {
        assertThat(goes("ann", "192.0.2.1")).isTrue();
        throttle.succeeded("ann", "192.0.2.1");
        for (int i = 0; i < 50; i++) {
            throttle.begin("ann", "198.51.100." + i);
        }
        assertThat(goes("ann", "203.0.113.1")).isFalse();
        assertThat(goes("ann", "192.0.2.1")).isTrue();
        for (int i = 1; i < 20; i++) {
            throttle.begin("ann", "192.0.2.1");
        }
        assertThat(goes("ann", "192.0.2.1")).as("the pair has a limit too").isFalse();
    }

    @Test
    void successAndOurOwnFailuresDontCount() {
        for (int i = 0; i < 500; i++) {
            assertThat(goes("ann", "192.0.2.1")).isTrue();
            if (i % 2 == 0) {
                throttle.succeeded("ann", "192.0.2.1");
            } else {
                throttle.undecided("ann", "192.0.2.1");
            }
        }
    }

    @Test
    void oneThatIsForgivenIsOne() {
        for (int i = 0; i < 20; i++) {
            assertThat(goes("ann", "192.0.2." + i)).isTrue();
        }
        throttle.undecided("ann", "192.0.2.1");
        assertThat(goes("ann", "192.0.2.1")).isTrue();
        assertThat(goes("ann", "192.0.2.1")).isFalse();
    }

    @Test
    void manyAtOnceAreCountedExactly() throws Exception {
        Throttle patient =
                new Throttle(
                        new SignInLimits(
                                Duration.ofMinutes(15),
                                3,
                                100_000,
                                1_000_000,
                                Duration.ZERO,
                                1_000),
                        time);
        LongAdder went = new LongAdder();
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Void>> crowd =
                Collections.nCopies(
                        4,
                        () -> {
                            start.await();
                            for (int i = 0; i < 50_000; i++) {
                                if (patient.begin("ann", "192.0.2.1")
                                        instanceof Throttle.Verdict.Go) {
                                    went.increment();
                                }
                            }
                            return null;
                        });
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<Void> one : threads.invokeAll(crowd)) {
                one.get();
            }
        }
        assertThat(went.sum()).isEqualTo(100_000);
    }

    @Test
    void whoIsGuessedAtIsRememberedHoweverManyOthersAreToo() {
        for (int i = 0; i < 20; i++) {
            assertThat(goes("ann", "192.0.2." + i)).isTrue();
            for (int other = 0; other < 90; other++) {
                throttle.begin("name " + i + " " + other, "198.51.100.1");
            }
        }
        assertThat(goes("ann", "203.0.113.1")).isFalse();
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            throttle.begin("name" + i, "not an address " + i);
        }
        assertThat(throttle.remembered()).isLessThanOrEqualTo(2_000);
    }
}
