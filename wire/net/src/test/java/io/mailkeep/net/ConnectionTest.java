package io.mailkeep.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A connection reads lines and octets within limits")
class ConnectionTest {
    /** What a session that only reads lines of at most 100 octets makes of this input. */
    private static List<Line> lines(String input, int maxOctets) throws Exception {
        BlockingQueue<List<Line>> result = new LinkedBlockingQueue<>();
        Session session =
                connection -> {
                    connection.phase(Served.SHORT, Served.SHORT);
                    List<Line> lines = new ArrayList<>();
                    Line line;
                    do {
                        line = connection.readLine(maxOctets);
                        lines.add(line);
                    } while (!(line instanceof Line.End)
                            && !(line instanceof Line.Malformed(Line.Flaw _, boolean inStep)
                                    && !inStep));
                    result.add(lines);
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            client.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
            client.shutdownOutput();
            List<Line> lines = result.poll(10, TimeUnit.SECONDS);
            assertThat(lines).isNotNull();
            return lines;
        }
    }

    @Test
    void linesAreWhatStandsBeforeCrLf() throws Exception {
        List<Line> lines = lines("one\r\n\r\ntwo\r\nnever ended", 100);
        assertThat(lines).hasSize(4);
        assertThat(((Line.Text) lines.get(0)).utf8()).isEqualTo("one");
        assertThat(((Line.Text) lines.get(1)).utf8()).isEmpty();
        assertThat(((Line.Text) lines.get(2)).utf8()).isEqualTo("two");
        assertThat(lines.get(3)).isInstanceOf(Line.End.class);
    }

    @ParameterizedTest
    @CsvSource({"'a\nb\r\n',BARE_LF,false", "'a\rb\r\n',BARE_CR,true", "'a\r\r\n',BARE_CR,true"})
    @Claim("ATK-03")
    void onlyCrLfEndsALine(String input, Line.Flaw flaw, boolean inStep) throws Exception {
        assertThat(lines(input, 100).getFirst()).isEqualTo(new Line.Malformed(flaw, inStep));
    }

    @Test
    @Claim("ATK-03")
    void nulIsAFlawAndTheNextLineIsReadInStep() throws Exception {
        List<Line> lines = lines("a\0b\r\nnext\r\n", 100);
        assertThat(lines.get(0)).isEqualTo(new Line.Malformed(Line.Flaw.NUL, true));
        assertThat(((Line.Text) lines.get(1)).utf8()).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(ints = {8_190, 8_191, 8_192, 8_193, 20_000})
    void aLineMayCrossTheBuffer(int length) throws Exception {
        List<Line> lines = lines("x".repeat(length) + "\r\nnext\r\n", 100_000);
        assertThat(((Line.Text) lines.get(0)).bytes()).hasSize(length);
        assertThat(((Line.Text) lines.get(1)).utf8()).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101, 10_000_000})
    @Claim("ATK-08")
    void aLongLineIsThrownAwayToItsEndAndTheNextIsRead(int octets) throws Exception {
        List<Line> lines = lines("x".repeat(octets - 2) + "\r\nnext\r\n", 100);
        assertThat(lines.get(0)).isInstanceOf(octets <= 100 ? Line.Text.class : Line.TooLong.class);
        assertThat(((Line.Text) lines.get(1)).utf8()).isEqualTo("next");
    }

    @Test
    @Claim("ATK-08")
    void aBareLfDoesNotEndALongLine() throws Exception {
        List<Line> lines = lines("x".repeat(500) + "\nsmuggled\r\nnext\r\n", 100);
        assertThat(lines.get(0)).isInstanceOf(Line.TooLong.class);
        assertThat(((Line.Text) lines.get(1)).utf8()).isEqualTo("next");
    }

    @Test
    void aLiteralIsCountedAndACutOneIsAnError() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        Session session =
                connection -> {
                    connection.phase(Served.SHORT, Served.SHORT);
                    result.add(
                            new String(
                                    connection.literal(5).readAllBytes(),
                                    StandardCharsets.US_ASCII));
                    try {
                        connection.literal(1_000_000_000_000L).readAllBytes();
                    } catch (EOFException cut) {
                        result.add("cut");
                    }
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            client.getOutputStream().write("12345678".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertThat(result.poll(10, TimeUnit.SECONDS)).isEqualTo("12345");
            assertThat(result.poll(10, TimeUnit.SECONDS)).isEqualTo("cut");
        }
    }

    @Test
    void whatIsPutBackIsReadAgainAndNoMoreThanWasRead() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        Session session =
                connection -> {
                    connection.phase(Served.SHORT, Served.SHORT);
                    connection.read(new byte[5], 0, 5);
                    connection.unread(2);
                    result.add(connection.readLine(100).toString());
                    try {
                        connection.unread(100);
                    } catch (IllegalArgumentException refused) {
                        result.add("refused");
                    }
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            client.getOutputStream().write("12345678\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(result.poll(10, TimeUnit.SECONDS)).isEqualTo("[line of 5 octets]");
            assertThat(result.poll(10, TimeUnit.SECONDS)).isEqualTo("refused");
        }
    }

    @Test
    void whatIsWrittenIsSentBeforeAReadWaits() throws Exception {
        Session session =
                connection -> {
                    connection.phase(Duration.ofMinutes(1), Duration.ofMinutes(1));
                    connection.write("hello\r\n");
                    connection.readLine(100);
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            assertThat(client.getInputStream().readNBytes(7)).asString().isEqualTo("hello\r\n");
        }
    }

    @Test
    @Claim("ATK-139")
    void aClientThatTricklesIsTimedOutInAll() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        Session session =
                connection -> {
                    connection.phase(Duration.ofSeconds(5), Duration.ofMillis(700));
                    try {
                        connection.readLine(1_000);
                        result.add("read");
                    } catch (TimedOut late) {
                        connection.write("too late\r\n");
                        result.add("timed out");
                    }
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            OutputStream out = client.getOutputStream();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            for (int i = 0; i < 60; i++) {
                                out.write('x');
                                TimeUnit.MILLISECONDS.sleep(50);
                            }
                        } catch (IOException | InterruptedException over) {
                            result.add("client stopped");
                        }
                    });
            assertThat(result.poll(3, TimeUnit.SECONDS)).isEqualTo("timed out");
            assertThat(client.getInputStream().readNBytes(10)).asString().isEqualTo("too late\r\n");
        }
    }

    @Test
    @Claim("ATK-139")
    void whatArrivesWhenThePhaseIsOverIsNotRead() throws Exception {
        assertThat(timedOut(Duration.ofSeconds(5), Duration.ZERO, true)).isTrue();
    }

    @Test
    @Claim("ATK-139")
    void aSilentClientIsTimedOut() throws Exception {
        assertThat(timedOut(Duration.ofMillis(300), Duration.ofMinutes(5), false)).isTrue();
    }

    private static boolean timedOut(Duration idle, Duration overall, boolean sending)
            throws Exception {
        BlockingQueue<Boolean> result = new LinkedBlockingQueue<>();
        Session session =
                connection -> {
                    connection.phase(idle, overall);
                    try {
                        connection.readLine(1_000);
                        result.add(false);
                    } catch (TimedOut late) {
                        result.add(true);
                    }
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            while (sending && result.isEmpty()) {
                client.getOutputStream().write('x');
            }
            return Boolean.TRUE.equals(result.poll(5, TimeUnit.SECONDS));
        } catch (IOException cut) {
            return Boolean.TRUE.equals(result.poll(5, TimeUnit.SECONDS));
        }
    }

    @Test
    @Claim({"ATK-08", "NET-2"})
    void ofALineThatIsTooLongNothingIsKept() throws Exception {
        Session session =
                connection -> {
                    connection.phase(Duration.ofMinutes(5), Duration.ofMinutes(5));
                    connection.readLine(1_000);
                };
        byte[] piece = new byte[1 << 20];
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            long before = heap();
            for (int i = 0; i < 64; i++) {
                client.getOutputStream().write(piece);
            }
            // What is kept stays as long as the session does; what else lies about goes in time.
            long more = heap() - before;
            for (int i = 0; i < 100 && more >= 16 << 20; i++) {
                Thread.sleep(100);
                more = heap() - before;
            }
            assertThat(more).isLessThan(16 << 20);
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @Claim("ATK-139")
    void aClientThatDoesNotReadIsCut() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        Session session =
                connection -> {
                    connection.phase(Duration.ofMinutes(5), Duration.ofMinutes(5));
                    try {
                        connection.write(new byte[64 << 20]);
                        result.add("written");
                    } catch (IOException cut) {
                        result.add("cut");
                    }
                };
        try (Listener listener = Served.plain(Served.limits(), session);
                Socket client = Served.connect(listener)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(result.poll(10, TimeUnit.SECONDS)).isEqualTo("cut");
            assertThat(listener.status().cut()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("Whoever still sends when we close isn't reset, or the last answer might be lost")
    void drainReadsOn() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        try (Listener listener = Served.plain(Served.limits(), draining(Served.SHORT, result));
                Socket client = Served.connect(listener)) {
            OutputStream out = client.getOutputStream();
            out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("bye\r\n");
            for (int i = 0; i < 10; i++) {
                out.write(new byte[1 << 10]);
                TimeUnit.MILLISECONDS.sleep(10);
            }
            client.shutdownOutput();
            assertThat(result.poll(5, TimeUnit.SECONDS)).isEqualTo("drained");
        }
    }

    @Test
    @Claim("ATK-139")
    void drainEnds() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        Duration most = Duration.ofMillis(300);
        try (Listener listener = Served.plain(Served.limits(), draining(most, result));
                Socket client = Served.connect(listener)) {
            client.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(result.poll(5, TimeUnit.SECONDS)).isEqualTo("drained");
        }
    }

    private static Session draining(Duration most, BlockingQueue<String> result) {
        return connection -> {
            connection.phase(Duration.ofMinutes(1), Duration.ofMinutes(1));
            connection.readLine(100);
            connection.write("bye\r\n");
            connection.drain(most);
            result.add("drained");
        };
    }

    @Test
    @Claim("ATK-139")
    void aSessionThatEndsDoesNotWaitForAnotherThreadsWrite() throws Exception {
        BlockingQueue<String> result = new LinkedBlockingQueue<>();
        CountDownLatch writing = new CountDownLatch(1);
        Session session =
                connection -> {
                    connection.phase(Duration.ofMinutes(5), Duration.ofMinutes(5));
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    writing.countDown();
                                    connection.write(new byte[64 << 20]);
                                } catch (IOException cut) {
                                    result.add("cut");
                                }
                            });
                    connection.readLine(100);
                };
        NetLimits patient =
                new NetLimits(
                        10, 10, 10, Served.SHORT, Duration.ofMinutes(1), Duration.ofSeconds(1));
        try (Listener listener = Served.plain(patient, session);
                Socket client = Served.connect(listener)) {
            writing.await();
            client.getInputStream().readNBytes(1_000);
            client.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(result.poll(5, TimeUnit.SECONDS)).isEqualTo("cut");
        }
    }
}
