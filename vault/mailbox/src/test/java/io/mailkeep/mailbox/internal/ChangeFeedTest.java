package io.mailkeep.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
    private final ChangeFeed feed = new ChangeFeed();
    private final TenantId tenant = new TenantId(new UUID(1, 0));
    private final MailboxId mailbox = new MailboxId(new UUID(1, 1));
    private final FolderId folder = new FolderId(new UUID(2, 2));

    @Test
    void changesDuringACallBecomeOneFurtherCall() throws Exception {
        Semaphore entered = new Semaphore(0);
        Semaphore leave = new Semaphore(0);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Runnable end =
                feed.watch(
                        tenant,
                        mailbox,
                        folder,
                        () -> {
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            entered.release();
                            leave.acquireUninterruptibly();
                            atOnce.decrementAndGet();
                        });
        feed.changed(tenant, mailbox, folder);
        assertThat(entered.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 100; i++) {
            feed.changed(tenant, mailbox, folder);
        }
        leave.release();
        assertThat(entered.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        leave.release();
        assertThat(entered.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(most).hasValue(1);
        end.run();
        assertThat(feed.watched()).isZero();
    }

    @Test
    void aSlowOrFailingWatcherHoldsUpNobody() throws Exception {
        Semaphore never = new Semaphore(0);
        Semaphore told = new Semaphore(0);
        feed.watch(tenant, mailbox, folder, never::acquireUninterruptibly);
        feed.watch(
                tenant,
                mailbox,
                folder,
                () -> {
                    told.release();
                    throw new IllegalStateException("a watcher's own failure");
                });
        feed.changed(tenant, mailbox, folder);
        assertThat(told.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        feed.changed(tenant, mailbox, folder);
        assertThat(told.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        never.release(2);
    }

    @Test
    void nothingIsToldAfterTheEnd() throws Exception {
        Semaphore told = new Semaphore(0);
        Runnable end = feed.watch(tenant, mailbox, folder, told::release);
        end.run();
        feed.changed(tenant, mailbox, folder);
        feed.changed(tenant, mailbox, new FolderId(new UUID(3, 3)));
        assertThat(told.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    @Claim({"ATK-94", "ACC-3"})
    void theSameMailboxOfAnotherCompanyIsAnotherOne() throws Exception {
        Semaphore told = new Semaphore(0);
        feed.watch(tenant, mailbox, folder, told::release);
        feed.changed(new TenantId(new UUID(1, 9)), mailbox, folder);
        assertThat(told.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
        feed.changed(tenant, mailbox, folder);
        assertThat(told.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
    }
}
