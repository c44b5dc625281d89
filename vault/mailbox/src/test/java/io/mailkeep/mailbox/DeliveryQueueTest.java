package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.mailbox.StoreFixture.Person;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How much mail waits at once, how much becomes one group, and what a stop does to it. */
@Claim("NET-2")
class DeliveryQueueTest {
    private static final String TEXT = "Subject: x\r\n\r\n0123456789\r\n";

    @Test
    void whatDoesntFitIntoTheQueueIsDeferredAndTheNextOneFitsAgain() throws Exception {
        fits(SmallLimits.delivery(9, 9_999, 3, 9_999), 3);
        fits(SmallLimits.delivery(9, 9_999, 9, 3L * TEXT.length()), 3);
    }

    @Test
    void groupsAreBoundedByMessagesAndByBytes() throws Exception {
        assertThat(groups(SmallLimits.delivery(2, 9_999, 9, 9_999), 5)).isEqualTo(3);
        assertThat(groups(SmallLimits.delivery(9, 2L * TEXT.length(), 9, 9_999), 5)).isEqualTo(3);
        assertThat(groups(SmallLimits.delivery(9, 1, 9, 9_999), 3))
                .as("one is always taken")
                .isEqualTo(3);
    }

    @Test
    void aStopFinishesWhatWaitsAndTakesNoMore() throws Exception {
        try (StoreFixture store = StoreFixture.open()) {
            Person person = store.person();
            Delivery late = store.delivery(person, store.id(), store.message(TEXT));
            try (Plug plug = new Plug(store)) {
                List<Future<Outcome<Dropbox.Receipt>>> waiting =
                        plug.waiting(deliveries(store, person, 2));
                Thread stopping = Thread.ofPlatform().start(store.mailboxes()::close);
                assertThat(stopping.join(Duration.ofMillis(300))).as("it waits").isFalse();
                assertThat(plug.release(waiting)).allMatch(one -> one instanceof Outcome.Done);
                assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
            }
            assertThat(CompletableFuture.supplyAsync(() -> deliver(store, late)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isInstanceOf(Outcome.Deferred.class);
        }
    }

    /** So many wait behind the message that is being stored, and no more. */
    private static void fits(MailboxLimits limits, int count) throws Exception {
        try (StoreFixture store = StoreFixture.open(limits)) {
            Person person = store.person();
            Delivery further = store.delivery(person, store.id(), store.message(TEXT));
            for (int round = 0; round < 2; round++) {
                try (Plug plug = new Plug(store)) {
                    List<Future<Outcome<Dropbox.Receipt>>> waiting =
                            plug.waiting(deliveries(store, person, count));
                    assertThat(plug.deliver(further))
                            .succeedsWithin(Duration.ofSeconds(10))
                            .isInstanceOf(Outcome.Deferred.class);
                    assertThat(plug.release(waiting)).allMatch(one -> one instanceof Outcome.Done);
                }
            }
            assertThat(done(deliver(store, further)).again()).isFalse();
        }
    }

    private static long groups(MailboxLimits limits, int count) throws Exception {
        try (StoreFixture store = StoreFixture.open(limits);
                Plug plug = new Plug(store)) {
            Dropbox dropbox = store.mailboxes().dropbox();
            long before = dropbox.counters().groups();
            plug.release(plug.waiting(deliveries(store, store.person(), count)));
            return dropbox.counters().groups() - before;
        }
    }

    private static List<Delivery> deliveries(StoreFixture store, Person person, int count) {
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(store.delivery(person, store.id(), store.message(TEXT)));
        }
        return all;
    }

    private static Outcome<Dropbox.Receipt> deliver(StoreFixture store, Delivery delivery) {
        return store.mailboxes().dropbox().deliver(List.of(delivery)).getFirst();
    }
}
