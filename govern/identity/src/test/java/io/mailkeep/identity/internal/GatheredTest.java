package io.mailkeep.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatheredTest {
    private final List<List<Integer>> groups = new ArrayList<>();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final RuntimeException failure = new IllegalStateException("asking failed");
    private boolean failing;

    private final Gathered<Integer, String> gathered = new Gathered<>(this::answers);

    private List<String> answers(List<Integer> questions) {
        boolean first;
        synchronized (groups) {
            groups.add(questions);
            first = groups.size() == 1;
        }
        if (first) {
            arrived.countDown();
            try {
                go.await();
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("told to stop", told);
            }
        } else if (failing) {
            throw failure;
        }
        return questions.stream().map(one -> "to " + one).toList();
    }

    /** Starts a question that stays on its way, then others, until they wait. */
    private List<Future<String>> asked(ExecutorService threads) throws InterruptedException {
        return asked(threads, new ArrayList<>(), gathered);
    }

    private List<Future<String>> asked(
            ExecutorService threads, List<Thread> started, Gathered<Integer, String> door)
            throws InterruptedException {
        List<Future<String>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int question = i;
            asked.add(
                    threads.submit(() -> {
                        synchronized (started) {
                            started.add(Thread.currentThread());
                        }
                        return door.ask(question);
                    }));
            if (i == 0) {
                arrived.await();
            }
        }
        while (true) {
            synchronized (started) {
                if (started.stream().filter(one -> one.getState() == Thread.State.WAITING).count()
                        == 20) {
                    return asked;
                }
            }
            Thread.sleep(5);
        }
    }

    @Test
    void whatComesMeanwhileIsAskedTogetherAndEachGetsItsOwnAnswer() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asked = asked(threads);
            go.countDown();
            for (int i = 0; i < 20; i++) {
                assertThat(asked.get(i).get()).isEqualTo("to " + i);
            }
        }
        assertThat(groups).hasSize(2);
        assertThat(groups.getFirst()).containsExactly(0);
        assertThat(groups.getLast()).hasSize(19);
        assertThat(gathered.ask(77)).isEqualTo("to 77");
    }

    @Test
    void aFailureIsTheFailureOfAllThatWereAskedTogetherAndOfNobodyElse() throws Exception {
        failing = true;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asked = asked(threads);
            go.countDown();
            assertThat(asked.getFirst().get()).isEqualTo("to 0");
            for (int i = 1; i < 20; i++) {
                assertThatThrownBy(asked.get(i)::get).hasCause(failure);
            }
        }
        assertThat(groups).as("nothing was asked twice").hasSize(2);
        failing = false;
        assertThat(gathered.ask(78)).isEqualTo("to 78");
    }

    /** A group is on its way when whoever asks for it is told to stop: the rest isn't concerned. */
    @Test
    void whoeverIsToldToStopFailsAlone() throws Exception {
        CountDownLatch grouped = new CountDownLatch(1);
        Gathered<Integer, String> interrupted =
                new Gathered<>(questions -> {
                    if (questions.size() > 1 && grouped.getCount() > 0) {
                        grouped.countDown();
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("told to stop");
                    }
                    return answers(questions);
                });
        List<String> got = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asked = asked(threads, new ArrayList<>(), interrupted);
            go.countDown();
            for (Future<String> one : asked) {
                try {
                    got.add(one.get());
                } catch (ExecutionException failed) {
                    got.add("failed");
                }
            }
        }
        assertThat(got.stream().filter("failed"::equals)).hasSize(1);
        assertThat(got.stream().filter(one -> one.startsWith("to "))).hasSize(19);
    }
}
