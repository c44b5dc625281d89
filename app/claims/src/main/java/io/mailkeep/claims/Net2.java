package io.mailkeep.claims;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.testing.client.Dialogue;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;

/**
 * NET-2, as far as budgets go: comes as a crowd from one address, as a client that never finishes
 * its TLS handshake, and as somebody who guesses a password. Crowd and guesser come from loopback
 * addresses of their own, so that whoever else uses this machine isn't stopped with them; from
 * there any IPv4 address of the machine is reached. The account guessed at is the probe's own.
 */
final class Net2 implements Probe {
    /** More than this isn't opened: both ends of each connection are in this process. */
    private static final int CROWD_MOST = 2_000;

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration TRICKLE = Duration.ofMillis(500);
    private static final List<String> GREETING = List.of("smtp", "submission", "imap");
    private static final List<String> SILENT = List.of("submissions", "imaps");

    private final Services services;
    private final Budgets budgets;
    private final Function<String, ProbeAccount> accounts;
    private final Time time;
    private final Randomness randomness;

    Net2(Target target) {
        this(
                target.services(),
                target.budgets(),
                name -> ProbeAccount.of(target, name),
                target.time(),
                target.randomness());
    }

    Net2(
            Services services,
            Budgets budgets,
            Function<String, ProbeAccount> accounts,
            Time time,
            Randomness randomness) {
        this.services = services;
        this.budgets = budgets;
        this.accounts = accounts;
        this.time = time;
        this.randomness = randomness;
    }

    @Override
    public ClaimId claim() {
        return ClaimId.NET_2;
    }

    @Override
    public String does() {
        return "opened connections from one address until it got no more, at every mail service;"
                + " began TLS handshakes an octet at a time; guessed a password until it was slowed"
                + " down and turned away";
    }

    @Override
    public Sighting look() throws IOException, InterruptedException {
        Sighting saw = new Sighting();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // the slow ones take their time: the rest is looked at meanwhile
            List<Future<Boolean>> cut =
                    SILENT.stream().map(one -> threads.submit(() -> isCut(one))).toList();
            if (InetAddress.getByName(services.host()) instanceof Inet4Address) {
                crowds(saw);
                guesses(saw, threads);
            } else {
                saw.notConfigured(
                        "crowds and guesses can't be shown on an IPv6 address, which has no others"
                                + " beside it: set listen to an IPv4 address in mailkeep.yaml");
            }
            for (int i = 0; i < SILENT.size(); i++) {
                saw.expect(
                        result(cut.get(i)),
                        SILENT.get(i)
                                + " cuts a handshake that comes an octet at a time after "
                                + budgets.handshake().toSeconds()
                                + " s");
            }
        }
        return saw.notBuilt(
                "bans in the packet filter and upstream, the register of upstream lines, budgets of"
                        + " requests and of companies");
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        }
    }

    /** An address that nobody else uses. */
    private InetAddress stranger() throws IOException {
        byte[] random = randomness.bytes(3);
        // 127.1.0.1 to 127.255.255.254: a network apart from 127.0.0, and from the last one's
        return InetAddress.getByAddress(
                new byte[] {
                    127, (byte) (random[0] | 1), random[1], (byte) (1 + (random[2] & 0x7f))
                });
    }

    private void crowds(Sighting saw) throws IOException, InterruptedException {
        int most = budgets.connectionsPerAddress();
        if (most > CROWD_MOST) {
            saw.notConfigured(
                    "one address may hold "
                            + most
                            + " connections: set limits.connections-per-address to "
                            + CROWD_MOST
                            + " or less in mailkeep.yaml");
            return;
        }
        for (String service : GREETING) {
            crowd(saw, service, Net2::isGreeted);
        }
        for (String service : SILENT) {
            crowd(saw, service, this::shakesHands);
        }
    }

    /** Whether a connection is served, and not turned away. */
    private interface Served {
        boolean by(Dialogue connection) throws IOException;
    }

    private void crowd(Sighting saw, String service, Served served)
            throws IOException, InterruptedException {
        InetAddress crowded = stranger();
        int most = budgets.connectionsPerAddress();
        List<Dialogue> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < most; i++) {
                crowd.add(connect(service, crowded));
            }
            boolean last = served.by(crowd.getLast());
            boolean more = isServed(service, crowded, served);
            saw.expect(
                    last && !more,
                    service + " serves " + most + " connections of one address and not one more");
            saw.expect(
                    isServed(service, stranger(), served),
                    service + " serves another address meanwhile");
        } finally {
            for (Dialogue one : crowd) {
                one.close();
            }
        }
        saw.expect(
                isServedSoon(service, crowded, served),
                service + " serves the address again once its connections are gone");
    }

    private boolean isServedSoon(String service, InetAddress from, Served served)
            throws IOException, InterruptedException {
        long begun = time.nanos();
        while (!isServed(service, from, served)) {
            if (time.nanos() - begun > SOON.toNanos()) {
                return false;
            }
            time.sleep(Duration.ofMillis(50));
        }
        return true;
    }

    private boolean isServed(String service, InetAddress from, Served served) throws IOException {
        try (Dialogue one = connect(service, from)) {
            return served.by(one);
        }
    }

    private Dialogue connect(String service, InetAddress from) throws IOException {
        return Dialogue.plain(services.host(), services.port(service), from).patience(SOON);
    }

    private static boolean isGreeted(Dialogue connection) throws IOException {
        try {
            String greeting = connection.line();
            return greeting.startsWith("220") || greeting.startsWith("* OK");
        } catch (SocketException | EOFException turnedAway) {
            return false;
        }
    }

    private boolean shakesHands(Dialogue connection) throws IOException {
        try {
            connection.secure(services.trust());
            return true;
        } catch (SocketException | EOFException | SSLHandshakeException turnedAway) {
            return false;
        }
    }

    /** Sends the head of a TLS record, then one octet after the other of what it promises. */
    private boolean isCut(String service) throws IOException, InterruptedException {
        long begun = time.nanos();
        try (Dialogue slow = Dialogue.plain(services.host(), services.port(service))) {
            slow.patience(TRICKLE);
            slow.raw(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            long enough = budgets.handshake().plus(SOON).toNanos();
            while (time.nanos() - begun < enough) {
                try {
                    slow.octetsUntilClosed();
                    break;
                } catch (SocketTimeoutException stillOpen) {
                    slow.raw(new byte[] {0});
                }
            }
            long lasted = time.nanos() - begun;
            return lasted >= budgets.handshake().toNanos() && lasted < enough;
        } catch (SocketException cut) {
            return time.nanos() - begun >= budgets.handshake().toNanos();
        }
    }

    private void guesses(Sighting saw, ExecutorService threads)
            throws IOException, InterruptedException {
        ProbeAccount guessed = accounts.apply("guessed");
        InetAddress stranger = stranger();
        int most = budgets.signIn().perAccount();
        if (signsIn(guessed.plain(), stranger)) {
            List<Callable<Long>> tries = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                String wrong = guessed.plain("wrong" + i);
                tries.add(() -> nanosOfRefusal(wrong, stranger));
            }
            long slowest = 0;
            for (Future<Long> one : threads.invokeAll(tries)) {
                slowest = Math.max(slowest, result(one));
            }
            saw.expect(
                    slowest >= budgets.signIn().delayMax().toNanos(),
                    "the slowest of "
                            + most
                            + " wrong passwords was answered after "
                            + millis(slowest));
            saw.expect(
                    !signsIn(guessed.plain(), stranger),
                    "after them even the right one is turned away");
        } else {
            saw.expect(true, "the account that was guessed at a moment ago is still turned away");
        }
        saw.expect(
                signsIn(accounts.apply("probe").plain(), stranger()),
                "another account signs in meanwhile");
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }

    private boolean signsIn(String plain, InetAddress from) throws IOException {
        return answer(plain, from).startsWith("235");
    }

    private long nanosOfRefusal(String plain, InetAddress from) throws IOException {
        long begun = time.nanos();
        String answer = answer(plain, from);
        if (!answer.startsWith("535")) {
            throw new IOException("a wrong password was answered with " + answer);
        }
        return time.nanos() - begun;
    }

    private String answer(String plain, InetAddress from) throws IOException {
        Duration patience = budgets.signIn().delayMax().multipliedBy(2).plus(SOON.multipliedBy(2));
        try (Dialogue smtp = connect("submissions", from).patience(patience)) {
            smtp.secure(services.trust());
            smtp.reply();
            smtp.say("EHLO probe.invalid").reply();
            return smtp.say("AUTH PLAIN " + plain).reply().getLast();
        }
    }
}
