package io.mailkeep.net;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.internal.Pace;
import io.mailkeep.net.internal.Repeats;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What all listeners of a node know of their clients together. Bounded, and so is what it tells: no
 * flood of connections becomes one of alarms.
 */
@Claim({"NET-2", "ATK-138", "ATK-140"})
public final class Guard {
    private final Consumer<Alarm> teller;
    private final Repeats forgeries;
    private final Pace handshakes;
    private final Time time;

    /**
     * @param teller puts an alarm on the audit log
     */
    public Guard(Time time, Consumer<Alarm> teller) {
        this.teller = teller;
        this.forgeries = new Repeats(time);
        this.handshakes = new Pace(time);
        this.time = time;
    }

    /** Waits until it is this address' turn to begin a TLS handshake. */
    void awaitHandshake(InetAddress address) throws IOException {
        try {
            time.sleep(handshakes.turn(address));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopping");
        }
    }

    /** A client who is no proxy has sent a PROXY header; its connection is closed by now. */
    void forgedHeader(String service, InetAddress address) {
        forgeries
                .came(address)
                .ifPresent(untold ->
                        teller.accept(
                                new Alarm(
                                        EventType.PROXY_FORGED,
                                        address,
                                        Map.of(
                                                "service",
                                                service,
                                                "untold",
                                                Long.toString(untold)))));
    }
}
