package io.mailkeep.testing.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void theMedianIsTheOneInTheMiddleOrBetweenTheTwo() {
        assertThat(Sample.of(new double[] {9, 1, 4}).median()).isEqualTo(4);
        assertThat(Sample.of(new double[] {9, 1, 4, 5}).median()).isEqualTo(4.5);
        assertThat(Sample.of(new double[] {7}).median()).isEqualTo(7);
    }

    @Test
    void aPercentileIsAValueThatWasMeasured() {
        Sample thousand = Sample.of(LongStream.rangeClosed(1, 1_000).toArray());
        assertThat(thousand.percentile(99)).isEqualTo(990);
        assertThat(thousand.percentile(100)).isEqualTo(1_000);
        assertThat(Sample.of(new long[] {3, 1, 2}).percentile(99)).isEqualTo(3);
        assertThat(Sample.of(new long[] {8}).percentile(1)).isEqualTo(8);
    }

    @Test
    void whatWasMeasuredStaysAsItWas() {
        double[] measured = {3, 1, 2};
        Sample sample = Sample.of(measured);
        assertThat(measured).containsExactly(3, 1, 2);
        assertThat(sample.least()).isEqualTo(1);
        assertThat(sample.most()).isEqualTo(3);
    }

    @Test
    void ofNothingThereIsNoFigure() {
        assertThatThrownBy(() -> Sample.of(new long[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
