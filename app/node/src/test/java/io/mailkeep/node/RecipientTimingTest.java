package io.mailkeep.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.client.SmtpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recipients who are told the same can't be told apart by time: one who was disabled and one who
 * never was. (One who is there is told otherwise, in plain words; time has nothing to add.)
 *
 * <p>How well time tells is the chance that of two answers, one of each, the later one is guessed
 * (Mann and Whitney's U over n²): a half is a coin. Trials take turns, so that what else the
 * machine does falls on both.
 */
@Claim({"ATK-15", "ACC-1"})
class RecipientTimingTest {
    private static final String TRIALS = "mailkeep.timing.trials";

    /** A session ends at the hundredth refusal; each trial has two. */
    private static final int TRIALS_A_SESSION = 40;

    @TempDir Path temp;

    @Test
    @EnabledIfSystemProperty(
            named = TRIALS,
            matches = "\\d+",
            disabledReason = "a busy machine's times say little: -D" + TRIALS + "=10000 runs it")
    void timeTellsADisabledAccountFromNobodyNoBetterThanACoin() throws Exception {
        int trials = Integer.getInteger(TRIALS);
        try (RunningNode node = RunningNode.start(temp.resolve("data"), "--demo")) {
            assertThat(node.cli("account", "disable", "bob@example.test").status()).isZero();
            InetSocketAddress mx =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port(25));
            long[] disabled = new long[trials];
            long[] nobody = new long[trials];
            int done = 0;
            while (done < trials) {
                int end = Math.min(trials, done + TRIALS_A_SESSION);
                session(mx, disabled, nobody, done, end);
                done = end;
            }
            double guessed = guessed(disabled, nobody);
            System.out.printf("guessed by time, of %d trials each: %.4f%n", trials, guessed);
            // a coin of 10,000 trials strays by 0.004
            assertThat(guessed).isBetween(0.48, 0.52);
        }
    }

    private static void session(
            InetSocketAddress mx, long[] disabled, long[] nobody, int from, int to)
            throws IOException {
        try (SmtpClient client = SmtpClient.connect(mx)) {
            client.greet().send("MAIL FROM:<a@b.example>").expect(250);
            nanos(client, "nobody.first");
            for (int i = from; i < to; i++) {
                // who comes first takes turns, too
                if (i % 2 == 0) {
                    disabled[i] = nanos(client, "bob");
                    nobody[i] = nanos(client, "bop");
                } else {
                    nobody[i] = nanos(client, "bop");
                    disabled[i] = nanos(client, "bob");
                }
            }
        }
    }

    private static long nanos(SmtpClient client, String name) throws IOException {
        long start = System.nanoTime();
        client.send("RCPT TO:<" + name + "@example.test>").expect(550, "5.1.1");
        return System.nanoTime() - start;
    }

    /** The chance that of one of each the first is the larger, ties being half. */
    private static double guessed(long[] first, long[] second) {
        long[] sorted = second.clone();
        Arrays.sort(sorted);
        double larger =
                Arrays.stream(first)
                        .mapToDouble(one -> (below(sorted, one) + below(sorted, one + 1)) / 2.0)
                        .sum();
        return larger / first.length / second.length;
    }

    private static int below(long[] sorted, long bound) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Test
    void theMeasureTellsWhatDiffers() {
        long[] one = IntStream.range(0, 1_000).mapToLong(i -> i * 7L % 1_000).toArray();
        long[] same = IntStream.range(0, 1_000).mapToLong(i -> i * 11L % 1_000).toArray();
        long[] later = Arrays.stream(same).map(it -> it + 100).toArray();
        assertThat(guessed(one, same)).isBetween(0.499, 0.501);
        assertThat(guessed(later, one)).isGreaterThan(0.58);
    }
}
