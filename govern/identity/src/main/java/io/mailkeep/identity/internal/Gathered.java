package io.mailkeep.identity.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks together what is asked at the same time: whatever comes while a question is on its way goes
 * with the next one. Nobody waits for company, and every answer is newer than its question.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
final class Gathered<Q, A> {
    private final Function<List<Q>, List<A>> asked;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<Waiting<Q, A>> waiting = new ArrayList<>();
    private boolean asking;

    /**
     * @param asked answers questions in their order
     */
    Gathered(Function<List<Q>, List<A>> asked) {
        this.asked = asked;
    }

    /** The answer; throws what asking threw. */
    A ask(Q question) {
        Waiting<Q, A> own = new Waiting<>(question);
        List<Waiting<Q, A>> group;
        lock.lock();
        try {
            waiting.add(own);
            while (asking && own.open()) {
                changed.awaitUninterruptibly();
            }
            if (!own.open()) {
                return own.answer();
            }
            asking = true;
            group = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        try {
            settle(group, own);
        } finally {
            handOver(group, own);
        }
        return own.answer();
    }

    /**
     * Asks for all of the group. Who was told to stop while he asked fails alone: the others, whom
     * that doesn't concern, are asked for again.
     */
    private void settle(List<Waiting<Q, A>> group, Waiting<Q, A> own) {
        try {
            List<A> answers = asked.apply(group.stream().map(Waiting::question).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer = Optional.of(answers.get(i));
            }
        } catch (RuntimeException failure) {
            own.failure = failure;
            if (!Thread.currentThread().isInterrupted()) {
                group.forEach(one -> one.failure = failure);
            }
        }
    }

    private void handOver(List<Waiting<Q, A>> group, Waiting<Q, A> own) {
        lock.lock();
        try {
            group.stream().filter(one -> one != own && one.open()).forEach(waiting::add);
            asking = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static final class Waiting<Q, A> {
        private final Q question;
        private volatile Optional<A> answer = Optional.empty();
        private volatile @Nullable RuntimeException failure;

        Waiting(Q question) {
            this.question = question;
        }

        Q question() {
            return question;
        }

        boolean open() {
            return answer.isEmpty() && failure == null;
        }

        A answer() {
            RuntimeException failed = failure;
            if (failed != null) {
                throw failed;
            }
            return answer.orElseThrow();
        }
    }
}
