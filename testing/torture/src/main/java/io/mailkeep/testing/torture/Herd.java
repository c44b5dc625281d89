package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A thousand clients come back at once after a start, all from one address: each signs in and
 * reads, none is shut out (FLT-36).
 */
@Claim("FLT-36")
final class Herd implements Row {
    private static final int ROUNDS = 2;
    private static final int CLIENTS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration LONGEST_P99 = Duration.ofSeconds(30);

    @Override
    public String id() {
        return "FLT-36";
    }

    @Override
    public String what() {
        return "1,000 clients sign in at once after a start";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Site site = scene.site();
        site.stop();
        Path configuration = site.data().resolve("mailkeep.yaml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replaceAll(
                                "connections-per-address: \\d+", "connections-per-address: 3000")
                        .replaceAll(
                                "connections-per-account: \\d+", "connections-per-account: 3000"));
        for (int round = 0; scene.more(round, ROUNDS); round++) {
            site.start();
            List<Duration> took = all(scene);
            Collections.sort(took);
            Duration p99 = took.get(took.size() * 99 / 100);
            if (p99.compareTo(LONGEST_P99) > 0) {
                throw new Lost("herd " + round, List.of(new Finding(id(), "p99 is " + p99)));
            }
            scene.check("after herd " + round);
            System.out.printf("  herd %d: p99 %.1f s%n", round, p99.toMillis() / 1e3);
            site.stop();
        }
        site.start();
    }

    private List<Duration> all(Scene scene) throws IOException {
        List<String> accounts = Cast.DEMO.mailboxes();
        List<ImapClient> open = Collections.synchronizedList(new ArrayList<>());
        List<Duration> took = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Duration>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String account = accounts.get(i % accounts.size());
                clients.add(threads.submit(() -> one(scene, account, open)));
            }
            for (Future<Duration> client : clients) {
                took.add(client.get());
            }
        } catch (ExecutionException refused) {
            String what = "a client is shut out: " + refused.getCause();
            throw new Lost("herd", List.of(new Finding(id(), what)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopped);
        } finally {
            for (ImapClient client : List.copyOf(open)) {
                client.close();
            }
        }
        return took;
    }

    private static Duration one(Scene scene, String account, List<ImapClient> open)
            throws IOException {
        long begun = Time.system().nanos();
        ImapClient client = scene.site().imap();
        open.add(client);
        client.patience(PATIENCE);
        String password = scene.password(account);
        for (String command : List.of("LOGIN " + account + " " + password, "SELECT INBOX")) {
            ImapClient.Answer answer = client.run(command);
            if (!answer.isOk()) {
                throw new IOException(account + " is refused: " + answer);
            }
        }
        return Duration.ofNanos(Time.system().nanos() - begun);
    }
}
