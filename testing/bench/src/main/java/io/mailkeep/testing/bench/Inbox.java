package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** How many messages an inbox has, and how it gets many. */
final class Inbox {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BATCH = 500;
    private static final int CONNECTIONS = 32;

    private Inbox() {}

    /** How many are there. */
    static long messages(ImapClient session) throws IOException {
        String status = session.run("STATUS INBOX (MESSAGES)").text();
        int at = status.indexOf("(MESSAGES ") + "(MESSAGES ".length();
        return Long.parseLong(status.substring(at, status.indexOf(')', at)));
    }

    /** Waits until this many are there. */
    static void await(ImapClient session, long messages) throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        long there = messages(session);
        while (there < messages) {
            if (Time.system().nanos() - begun > PATIENCE.toNanos()) {
                throw new IOException("only " + there + " of " + messages + " messages arrived");
            }
            Time.system().sleep(Duration.ofMillis(10));
            there = messages(session);
        }
    }

    /**
     * Adds messages until there are this many, by the quickest way that the server offers: many in
     * one APPEND (MULTIAPPEND), else LMTP with many connections.
     */
    static void fill(Subject subject, Mailbox mailbox, int messages, int octets)
            throws IOException, InterruptedException {
        try (ImapClient session = subject.session(mailbox)) {
            int missing = (int) (messages - messages(session));
            if (missing <= 0) {
                return;
            }
            System.out.printf(
                    Locale.ROOT,
                    "filling, %s: %,d messages for %s ",
                    subject.name(),
                    missing,
                    mailbox.address());
            System.out.flush();
            byte[] letter = Letters.letter(octets);
            Progress progress = new Progress(missing, "messages");
            if (session.run("CAPABILITY").text().contains("MULTIAPPEND")) {
                session.patience(PATIENCE);
                append(session, letter, missing, progress);
            } else {
                deliver(subject, mailbox, letter, missing, progress);
                await(session, messages);
            }
            System.out.println("done");
        }
    }

    private static void append(ImapClient session, byte[] letter, int messages, Progress progress)
            throws IOException {
        byte[] literal = (" {" + letter.length + "+}\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int done = 0; done < messages; ) {
            int batch = Math.min(BATCH, messages - done);
            String tag = session.tag();
            ByteArrayOutputStream command = new ByteArrayOutputStream();
            command.writeBytes((tag + " APPEND INBOX").getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < batch; i++) {
                command.writeBytes(literal);
                command.writeBytes(letter);
            }
            command.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            session.send(command.toByteArray());
            ImapClient.Answer answer = session.answer(tag);
            if (!answer.isOk()) {
                throw new IOException("APPEND refused: " + answer.tagged());
            }
            done += batch;
            progress.done(done);
        }
    }

    private static void deliver(
            Subject subject, Mailbox mailbox, byte[] letter, int messages, Progress progress)
            throws IOException, InterruptedException {
        InetSocketAddress door = subject.lmtp().orElseThrow();
        byte[] data = Letters.data(letter);
        AtomicInteger next = new AtomicInteger();
        Together.run(
                CONNECTIONS,
                sender -> {
                    try (Sender connection = new Sender(door, DeliveryLoad.Protocol.LMTP)) {
                        for (int n = next.getAndIncrement();
                                n < messages;
                                n = next.getAndIncrement()) {
                            connection.send(mailbox.address(), data);
                            progress.done(n);
                        }
                    }
                });
    }
}
