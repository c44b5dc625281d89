package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.net.Listener;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import io.mailkeep.testing.client.Trust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 64 large messages at once, through TLS, into a server process of its own whose heap is 256 MiB.
 *
 * <p>Each has 5 MiB, more than the heap in all; {@code -Dmailkeep.flood.mebibytes=50} sends them in
 * the size that the promise names.
 */
@DisplayName("64 large messages at once through a heap of 256 MiB")
class SmallHeapTest {
    private static final int CLIENTS = 64;
    private static final int MEBIBYTES = Integer.getInteger("mailkeep.flood.mebibytes", 5);

    @TempDir Path folder;

    @Test
    @Claim({"NET-2", "ATK-46", "DAT-4"})
    void eachArrivesWholeOrIsDeferredAndTheHeapSuffices() throws Exception {
        try (Served served = Served.start(folder)) {
            Map<String, Integer> acknowledged = new HashMap<>();
            int deferred = 0;
            long begun = System.nanoTime();
            for (Answer answer : flood(served)) {
                int code = answer.reply().code();
                assertThat(code == 250 || code / 100 == 4).as(answer.reply().toString()).isTrue();
                if (code == 250) {
                    acknowledged.merge(answer.message().sha256(), 1, Integer::sum);
                } else {
                    deferred++;
                }
            }
            System.out.printf(
                    "%d of %d MiB each: %d acknowledged, %d deferred, %.1f s%n",
                    CLIENTS,
                    MEBIBYTES,
                    acknowledged.size(),
                    deferred,
                    (System.nanoTime() - begun) / 1e9);
            assertThat(acknowledged.size()).isPositive();
            Map<String, Integer> stored = new HashMap<>();
            served.hashes().forEach(hash -> stored.merge(hash, 1, Integer::sum));
            assertThat(stored).isEqualTo(acknowledged);
            served.stop();
        }
    }

    private record Answer(Flood message, SmtpReply reply) {}

    /** Half of them submit, half come from strangers; none sends data before all may. */
    private static List<Answer> flood(Served served) throws Exception {
        CountDownLatch ready = new CountDownLatch(CLIENTS);
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Flood message = new Flood(i, (long) MEBIBYTES << 20);
                running.add(clients.submit(() -> send(served, message, ready)));
            }
            for (Future<Answer> one : running) {
                answers.add(one.get());
            }
        }
        return answers;
    }

    private static Answer send(Served served, Flood message, CountDownLatch ready)
            throws Exception {
        try (SmtpClient client = begun(served, message, ready)) {
            assertThat(ready.await(5, TimeUnit.MINUTES)).isTrue();
            message.send(client);
            SmtpReply reply = client.reply();
            client.send("QUIT").expect(221).expectClosed();
            return new Answer(message, reply);
        }
    }

    /** As far as the server's wish for data; who fails doesn't hold the others up. */
    private static SmtpClient begun(Served served, Flood message, CountDownLatch ready)
            throws IOException {
        try {
            SmtpClient client = message.number() % 2 == 0 ? served.submit() : served.stranger();
            client.patience(Duration.ofMinutes(5));
            client.send("MAIL FROM:<anna@example.test> SIZE=" + message.octets()).expect(250);
            return client.send("RCPT TO:<bert@example.test>").expect(250).send("DATA").expect(354);
        } finally {
            ready.countDown();
        }
    }

    /** The server, in its own process. */
    private record Served(
            Process process,
            BufferedReader said,
            Path output,
            InetSocketAddress mx,
            InetSocketAddress submissions,
            SSLContext trust)
            implements AutoCloseable {
        static Served start(Path folder) throws IOException {
            Path errors = folder.resolve("errors");
            Process process =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-Xmx256m",
                                    "-XX:+UseSerialGC",
                                    "-XX:+ExitOnOutOfMemoryError",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Child.class.getName())
                            .redirectError(errors.toFile())
                            .start();
            BufferedReader said =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            assertThat(line).as(Files.readString(errors)).startsWith("ready ");
            String[] words = line.split(" ", 4);
            InetAddress here = InetAddress.getLoopbackAddress();
            return new Served(
                    process,
                    said,
                    errors,
                    new InetSocketAddress(here, Integer.parseInt(words[1])),
                    new InetSocketAddress(here, Integer.parseInt(words[2])),
                    Trust.in(Path.of(words[3])));
        }

        SmtpClient stranger() throws IOException {
            return SmtpClient.connect(mx)
                    .greet()
                    .startTls(trust)
                    .send("EHLO client.example")
                    .expect(250);
        }

        SmtpClient submit() throws IOException {
            return SmtpClient.connectTls(submissions, trust)
                    .greet()
                    .signIn(Office.ANNA, Office.PASSWORD)
                    .expect(235);
        }

        /** Hashes of what is stored, read back through the whole store. */
        List<String> hashes() throws IOException {
            OutputStream out = process.getOutputStream();
            out.write('\n');
            out.flush();
            List<String> hashes = new ArrayList<>();
            for (String line = said.readLine(); !"end".equals(line); line = said.readLine()) {
                assertThat(line).as(Files.readString(output)).isNotNull();
                hashes.add(line);
            }
            return hashes;
        }

        /** Ends it in order: the store's doctor has looked, and nothing ran out of memory. */
        void stop() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            assertThat(output).content().doesNotContain("OutOfMemoryError");
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.destroy();
        }
    }

    /** What runs in it. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            PrintStream out = System.out;
            SmtpLimits limits = SmtpLimits.standard();
            try (Office office = Office.open();
                    Listener mx = office.listen(SmtpService.MX, limits, office.spool);
                    Listener submissions =
                            office.listen(SmtpService.SUBMISSIONS, limits, office.spool)) {
                out.println(
                        "ready "
                                + mx.address().getPort()
                                + " "
                                + submissions.address().getPort()
                                + " "
                                + office.authority());
                while (System.in.read() >= 0) {
                    office.hashes(Office.BERT).forEach(out::println);
                    out.println("end");
                }
            }
        }
    }
}
