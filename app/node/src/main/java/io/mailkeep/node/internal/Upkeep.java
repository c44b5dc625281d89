package io.mailkeep.node.internal;

import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.KeyAdmin;
import io.mailkeep.keys.KeysState;
import io.mailkeep.mailbox.Sweep;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done in the background: settling tails every few seconds, destruction and epoch change
 * once a period, the certificate once a day. Once a start, unless it was sealed, bodies without a
 * row are swept: after a database that went back they are what rows are rebuilt from. A job that
 * fails is logged and done again at its next time; it never ends the thread.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final Rooms rooms;
    private final Wire wire;
    private final Web web;
    private final Thread thread;
    private Instant nextEpoch;
    private long certificateNanos;

    Upkeep(Configuration configuration, Rooms rooms, Wire wire, Web web) {
        this.configuration = configuration;
        this.rooms = rooms;
        this.wire = wire;
        this.web = web;
        Instant now = rooms.time.instant();
        this.nextEpoch = now.plus(configuration.epochChange());
        this.certificateNanos = rooms.time.nanos();
        this.thread = Thread.ofVirtual().name("upkeep").start(this::run);
    }

    private void run() {
        Time time = rooms.time;
        try {
            if (rooms.keys.state() instanceof KeysState.Unsealed) {
                job("sweep", this::sweep);
            }
            Duration pause = BEAT;
            while (true) {
                time.sleep(pause);
                pause = pauseAfter(settling());
                job("clock", rooms.retention::observe);
                if (!time.instant().isBefore(nextEpoch)) {
                    nextEpoch = time.instant().plus(configuration.epochChange());
                    job("destroy", this::destroy);
                }
                if (isCertificateDue()) {
                    certificateNanos = time.nanos();
                    job("certificate", this::refreshCertificate);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A step that may fail. */
    private interface Step {
        void run() throws IOException;
    }

    private static void job(String name, Step step) {
        try {
            step.run();
        } catch (Unavailable deferred) {
            LOG.atInfo()
                    .addKeyValue("job", name)
                    .addKeyValue("detail", deferred.problem().detail())
                    .log("Deferred");
        } catch (RuntimeException | IOException failed) {
            LOG.atError().addKeyValue("job", name).setCause(failed).log("Background job failed");
        }
    }

    /** Settles, and answers how long that took. */
    private Duration settling() {
        long begun = rooms.time.nanos();
        job("settle", this::settle);
        return Duration.ofNanos(rooms.time.nanos() - begun);
    }

    /** Tails can wait and mail that arrives can't: a tenth of the time at most goes into them. */
    private static Duration pauseAfter(Duration settling) {
        Duration rest = settling.multipliedBy(9);
        return rest.compareTo(BEAT) > 0 ? rest : BEAT;
    }

    private void settle() {
        if (rooms.keys.state() instanceof KeysState.Unsealed) {
            rooms.keyAdmin.settle(rooms.maintenance());
        }
    }

    /** Once a day of running: a clock that leaps ahead makes no certificate of the future. */
    private boolean isCertificateDue() {
        return rooms.time.nanos() - certificateNanos > Duration.ofDays(1).toNanos()
                || wire.isCertificateEarly();
    }

    private void refreshCertificate() throws IOException {
        if (wire.refreshCertificate()) {
            web.refreshCertificate();
        }
    }

    private void sweep() {
        long orphans = new Sweep(rooms.backing).run(rooms.maintenance());
        LOG.atInfo().addKeyValue("orphans", orphans).log("Volumes swept");
    }

    private void destroy() {
        if (rooms.keys.state() instanceof KeysState.Sealed) {
            return;
        }
        Instant before = rooms.retention.before();
        switch (rooms.keyAdmin.destroy(rooms.maintenance(), before, false)) {
            case Outcome.Done<KeyAdmin.Destroyed>(KeyAdmin.Destroyed done) ->
                    LOG.atInfo()
                            .addKeyValue("rekeyed", done.rekeyed())
                            .addKeyValue("complete", done.complete())
                            .addKeyValue("epoch", done.epoch())
                            .log("Epoch changed");
            case Outcome.Deferred<KeyAdmin.Destroyed>(var problem) ->
                    LOG.atWarn()
                            .addKeyValue("detail", problem.detail())
                            .log("Epoch change deferred");
            case Outcome.Refused<KeyAdmin.Destroyed>(var problem) ->
                    LOG.atError()
                            .addKeyValue("detail", problem.detail())
                            .log("Epoch change refused");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
