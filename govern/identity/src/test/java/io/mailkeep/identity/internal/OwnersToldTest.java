package io.mailkeep.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.sim.SimTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OwnersToldTest {
    private final SimTime time = new SimTime();
    private final OwnersTold told = new OwnersTold(100, time);

    @Test
    @Claim("ATK-65")
    void aNameIsDueOnceADay() {
        assertThat(told.due("ann")).isTrue();
        time.advance(Duration.ofHours(23));
        assertThat(told.due("ann")).isFalse();
        assertThat(told.due("bob")).isTrue();
        time.advance(Duration.ofHours(1));
        assertThat(told.due("ann")).isTrue();
        assertThat(told.due("ann")).isFalse();
    }

    @Test
    @Claim("ATK-65")
    void theOldestIsForgottenFirst() {
        told.due("ann");
        for (int i = 0; i < 99; i++) {
            told.due("name" + i);
        }
        assertThat(told.due("ann")).isFalse();
        told.due("one more");
        assertThat(told.due("name50")).isFalse();
        assertThat(told.due("ann")).isTrue();
    }
}
