package io.mailkeep.mailbox.internal;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.TenantId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watchers of a folder that something in it changed, after the commit, without saying what
 * ({@code DAT-3}: a watch carries no content; whoever wants to know asks with an access).
 *
 * <p>A watcher is called on a virtual thread of its own, one call at a time; changes during a call
 * become one further call, none is lost. No lock is held while calling back, so a slow watcher
 * stops nobody.
 */
public final class ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

    private final Map<Key, Set<Watcher>> watchers = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, MailboxId mailbox, FolderId folder) {}

    /** Starts a watch; run what is returned to end it. */
    public Runnable watch(TenantId tenant, MailboxId mailbox, FolderId folder, Runnable callback) {
        Key key = new Key(tenant, mailbox, folder);
        Watcher watcher = new Watcher(callback);
        watchers.compute(
                key,
                (_, all) -> {
                    Set<Watcher> some = all == null ? ConcurrentHashMap.newKeySet() : all;
                    some.add(watcher);
                    return some;
                });
        return () -> {
            watcher.close();
            watchers.computeIfPresent(
                    key,
                    (_, all) -> {
                        all.remove(watcher);
                        return all.isEmpty() ? null : all;
                    });
        };
    }

    /** To be called after the commit. */
    public void changed(TenantId tenant, MailboxId mailbox, FolderId folder) {
        Set<Watcher> some = watchers.get(new Key(tenant, mailbox, folder));
        if (some != null) {
            some.forEach(Watcher::poke);
        }
    }

    /** How many folders are being watched. */
    public int watched() {
        return watchers.size();
    }

    private static final class Watcher {
        private enum State {
            IDLE,
            RUNNING,
            AGAIN,
            CLOSED
        }

        private final Runnable callback;
        private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

        Watcher(Runnable callback) {
            this.callback = callback;
        }

        void poke() {
            State before =
                    state.getAndUpdate(now ->
                            switch (now) {
                                case IDLE -> State.RUNNING;
                                case RUNNING, AGAIN -> State.AGAIN;
                                case CLOSED -> State.CLOSED;
                            });
            if (before == State.IDLE) {
                Thread.ofVirtual().name("mailbox-feed").start(this::run);
            }
        }

        private void run() {
            State next = State.RUNNING;
            while (next == State.RUNNING) {
                try {
                    callback.run();
                } catch (RuntimeException failure) {
                    LOG.atWarn().setCause(failure).log("a folder's watcher failed");
                }
                next =
                        state.updateAndGet(now ->
                                switch (now) {
                                    case AGAIN -> State.RUNNING;
                                    case RUNNING, IDLE -> State.IDLE;
                                    case CLOSED -> State.CLOSED;
                                });
            }
        }

        void close() {
            state.set(State.CLOSED);
        }
    }
}
