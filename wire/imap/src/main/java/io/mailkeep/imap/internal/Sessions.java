package io.mailkeep.imap.internal;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All signed-in sessions: ends each within a second of its right to be here ending ({@code
 * ATK-79}), renews their tickets in time, and holds an account to its number of connections ({@code
 * ATK-57}).
 */
@Claim({"ATK-57", "ATK-79", "ATK-80"})
public final class Sessions implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(250);

    private final Time time;
    private final int mostPerAccount;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<AccountId, Integer> perAccount = new ConcurrentHashMap<>();
    private final Thread watch;

    public Sessions(Time time, int mostPerAccount) {
        this.time = time;
        this.mostPerAccount = mostPerAccount;
        this.watch = Thread.ofVirtual().name("imap-rights").start(this::watch);
    }

    /** Takes a place for a session that signed in; false if its account has none left. */
    boolean enter(Session session, AccountId account) {
        int now = perAccount.merge(account, 1, Integer::sum);
        if (now > mostPerAccount) {
            leave(account);
            return false;
        }
        open.add(session);
        return true;
    }

    /** Gives the place back. */
    void leave(Session session, AccountId account) {
        if (open.remove(session)) {
            leave(account);
        }
    }

    private void leave(AccountId account) {
        perAccount.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                open.forEach(Session::checkRights);
                time.sleep(BEAT);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
