package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Mail to each mailbox in turn, until all of it is in its mailbox: an accepted message that waits
 * in a queue isn't delivered yet.
 *
 * @param protocol by which it goes in
 * @param connections that send at the same time
 * @param messages of a round
 * @param octets of a message
 */
record DeliveryLoad(Protocol protocol, int connections, int messages, int octets) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** How mail goes in. */
    enum Protocol {
        SMTP,
        LMTP
    }

    /** As the report calls it, and {@code --rows} picks it. */
    String name() {
        return "%s %s, %d connection%s"
                .formatted(protocol, size(), connections, connections == 1 ? "" : "s");
    }

    private String size() {
        return octets >= 1 << 20 ? (octets >> 20) + " MiB" : (octets >> 10) + " KiB";
    }

    /** Whether this server has such a door. */
    boolean fits(Subject subject) {
        return door(subject).isPresent();
    }

    private Optional<InetSocketAddress> door(Subject subject) {
        return protocol == Protocol.SMTP ? subject.smtp() : subject.lmtp();
    }

    /** Does it once, and says what that took. */
    List<Value> run(Subject subject) throws IOException, InterruptedException {
        List<ImapClient> sessions = new ArrayList<>();
        try {
            for (Mailbox mailbox : subject.mailboxes()) {
                sessions.add(subject.session(mailbox));
            }
            long[] before = new long[sessions.size()];
            for (int i = 0; i < before.length; i++) {
                before[i] = messagesIn(sessions.get(i));
            }
            long cpu = Processes.cpuMillis(subject.roots());
            long begun = Time.system().nanos();
            long[] took = send(subject);
            for (int i = 0; i < before.length; i++) {
                int share = messages / before.length + (i < messages % before.length ? 1 : 0);
                await(sessions.get(i), before[i] + share);
            }
            double seconds = (Time.system().nanos() - begun) / 1e9;
            double cpuEach = (double) (Processes.cpuMillis(subject.roots()) - cpu) / messages;
            Arrays.sort(took);
            return List.of(
                    new Value(name(), "messages/s", true, messages / seconds),
                    new Value(name() + ": processor", "ms/message", false, cpuEach),
                    new Value(
                            name() + ": p99 of 250", "ms", false, took[messages * 99 / 100] / 1e6));
        } finally {
            for (ImapClient session : sessions) {
                session.close();
            }
        }
    }

    /** Answers how long each message took from MAIL to 250, in ns. */
    private long[] send(Subject subject) throws IOException, InterruptedException {
        byte[] letter = Letters.letter(octets);
        byte[] data = Arrays.copyOf(letter, letter.length + 3);
        System.arraycopy(".\r\n".getBytes(StandardCharsets.US_ASCII), 0, data, letter.length, 3);
        InetSocketAddress door = door(subject).orElseThrow();
        AtomicInteger next = new AtomicInteger();
        long[] took = new long[messages];
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                senders.add(
                        threads.submit(() -> {
                            try (Sender sender = new Sender(door, protocol)) {
                                for (int n = next.getAndIncrement();
                                        n < messages;
                                        n = next.getAndIncrement()) {
                                    List<Mailbox> all = subject.mailboxes();
                                    String to = all.get(n % all.size()).address();
                                    long begun = Time.system().nanos();
                                    sender.send(to, data);
                                    took[n] = Time.system().nanos() - begun;
                                }
                            }
                            return null;
                        }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException(subject.name() + " refused mail", failed.getCause());
        }
        return took;
    }

    private static void await(ImapClient session, long messages)
            throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        long there = messagesIn(session);
        while (there < messages) {
            if (Time.system().nanos() - begun > PATIENCE.toNanos()) {
                throw new IOException("only " + there + " of " + messages + " messages arrived");
            }
            Time.system().sleep(Duration.ofMillis(10));
            there = messagesIn(session);
        }
    }

    private static long messagesIn(ImapClient session) throws IOException {
        String status = session.run("STATUS INBOX (MESSAGES)").text();
        int at = status.indexOf("(MESSAGES ") + "(MESSAGES ".length();
        return Long.parseLong(status.substring(at, status.indexOf(')', at)));
    }
}
