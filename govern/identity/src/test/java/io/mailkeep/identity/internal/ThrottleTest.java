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
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Claim({"ATK-65", "ACC-1"})
class ThrottleTest {
    private final SimTime time = new SimTime();
    private final Throttle throttle = throttle(Duration.ZERO);

    private Throttle throttle(Duration patience) {
        return new Throttle(
                new SignInLimits(
                        Duration.ofMinutes(15), 3, 20, 100, Duration.ofSeconds(4), patience, 1_000),
                time);
    }

    /** Whether it was tried; it failed then. */
    private boolean fails(String name, String remote) {
        if (throttle.begin(name, remote) instanceof Throttle.Verdict.Go go) {
            throttle.failed(go.charge());
            return true;
        }
        return false;
    }

    private Throttle.Verdict.Go begun(Throttle throttle, String name, String remote) {
        return (Throttle.Verdict.Go) throttle.begin(name, remote);
    }

    @Test
    void delaysGrowAndEnd() {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Throttle.Verdict.Go go = begun(throttle, "ann", "192.0.2.1");
            delays.add(go.delay());
            throttle.failed(go.charge());
        }
        assertThat(delays.subList(0, 3)).containsOnly(Duration.ZERO);
        assertThat(delays.get(3)).isEqualTo(Duration.ofMillis(250));
        assertThat(delays).isSorted().last().isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void thoseAtOnceAreDelayedAsIfTheOthersHadFailed() {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            delays.add(begun(throttle, "ann", "192.0.2.1").delay());
        }
        assertThat(delays).isSorted().last().isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void oneNameIsRefusedFromEverywhereForTheWindow() {
        for (int i = 0; i < 20; i++) {
            assertThat(fails("ann", "192.0.2." + i)).isTrue();
        }
        assertThat(throttle.begin("ann", "198.51.100.1"))
                .isEqualTo(new Throttle.Verdict.TurnedAway(1, true));
        assertThat(throttle.begin("ann", "198.51.100.2"))
                .isEqualTo(new Throttle.Verdict.TurnedAway(2, true));
        assertThat(fails("bob", "198.51.100.1")).isTrue();
        time.advance(Duration.ofMinutes(16));
        assertThat(fails("ann", "198.51.100.1")).isTrue();
    }

    @Test
    void oneAddressIsRefusedWhateverTheName() {
        for (int i = 0; i < 100; i++) {
            assertThat(fails("name" + i, "2001:db8:1:2::" + i)).isTrue();
        }
        assertThat(fails("other", "2001:db8:1:2:ffff::1")).isFalse();
        assertThat(fails("other", "2001:db8:1:3::1")).isTrue();
    }

    @Test
    void whoSignedInBeforeIsntLockedOutByOthers() {
        throttle.succeeded(begun(throttle, "ann", "192.0.2.1").charge());
        for (int i = 0; i < 50; i++) {
            fails("ann", "198.51.100." + i);
        }
        assertThat(fails("ann", "203.0.113.1")).isFalse();
        for (int i = 0; i < 20; i++) {
            assertThat(fails("ann", "192.0.2.1")).isTrue();
        }
        assertThat(fails("ann", "192.0.2.1")).as("the pair has a limit too").isFalse();
    }

    @Test
    void successAndOurOwnFailuresDontCount() {
        for (int i = 0; i < 500; i++) {
            Throttle.Charge charge = begun(throttle, "ann", "192.0.2.1").charge();
            if (i % 2 == 0) {
                throttle.succeeded(charge);
            } else {
                throttle.undecided(charge);
            }
        }
    }

    @Test
    void attemptsOnTopOfWhatMayFailWaitAndAreBusyAtLast() {
        for (int i = 0; i < 17; i++) {
            fails("ann", "192.0.2." + i);
        }
        Throttle.Charge first = begun(throttle, "ann", "192.0.2.1").charge();
        Throttle.Charge second = begun(throttle, "ann", "192.0.2.2").charge();
        begun(throttle, "ann", "192.0.2.3");
        assertThat(throttle.begin("ann", "192.0.2.4")).isEqualTo(new Throttle.Verdict.Busy());
        throttle.undecided(first);
        begun(throttle, "ann", "192.0.2.4");
        throttle.failed(second);
        assertThat(throttle.begin("ann", "192.0.2.5")).isEqualTo(new Throttle.Verdict.Busy());
    }

    /** Its owner signed in from there meanwhile, so the attempt would be held against another. */
    @Test
    void anAttemptIsDecidedWhereItBegan() {
        for (int i = 0; i < 19; i++) {
            fails("ann", "198.51.100." + i);
        }
        Throttle.Charge slow = begun(throttle, "ann", "192.0.2.1").charge();
        assertThat(throttle.begin("ann", "203.0.113.1")).isEqualTo(new Throttle.Verdict.Busy());
        throttle.succeeded(slow);
        throttle.succeeded(begun(throttle, "ann", "192.0.2.1").charge());
        begun(throttle, "ann", "203.0.113.1");
    }

    @Test
    @Claim("FLT-36")
    void aThousandAtOnceWithTheRightPasswordAllGo() throws Exception {
        Throttle patient = throttle(Duration.ofMinutes(1));
        LongAdder trying = new LongAdder();
        LongAccumulator most = new LongAccumulator(Math::max, 0);
        List<Callable<Boolean>> herd =
                Collections.nCopies(
                        1_000,
                        () -> {
                            Throttle.Charge charge = begun(patient, "ann", "192.0.2.1").charge();
                            trying.increment();
                            most.accumulate(trying.sum());
                            trying.decrement();
                            patient.succeeded(charge);
                            return true;
                        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> one : threads.invokeAll(herd)) {
                assertThat(one.get()).isTrue();
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(20);
    }

    @Test
    void ofTenThousandGuessesAtOnceTwentyAreTried() throws Exception {
        Throttle patient = throttle(Duration.ofMinutes(1));
        LongAdder went = new LongAdder();
        List<Callable<Boolean>> crowd =
                IntStream.range(0, 10_000)
                        .<Callable<Boolean>>mapToObj(i ->
                                () -> {
                                    String remote = "192.0.%d.%d".formatted(i / 250, i % 250);
                                    if (patient.begin("ann", remote)
                                            instanceof Throttle.Verdict.Go go) {
                                        went.increment();
                                        patient.failed(go.charge());
                                        return true;
                                    }
                                    return false;
                                })
                        .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> one : threads.invokeAll(crowd)) {
                one.get();
            }
        }
        assertThat(went.sum()).isEqualTo(20);
    }

    @Test
    void whoIsGuessedAtIsRememberedHoweverManyOthersAreToo() {
        for (int i = 0; i < 20; i++) {
            assertThat(fails("ann", "192.0.2." + i)).isTrue();
            for (int other = 0; other < 90; other++) {
                fails("name " + i + " " + other, "198.51.100.1");
            }
        }
        assertThat(fails("ann", "203.0.113.1")).isFalse();
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            fails("name" + i, "not an address " + i);
        }
        assertThat(throttle.remembered()).isLessThanOrEqualTo(2_000);
    }
}
