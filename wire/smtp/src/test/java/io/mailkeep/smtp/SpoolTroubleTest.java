package io.mailkeep.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.net.Listener;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import io.mailkeep.testing.sim.Faults.Op;
import io.mailkeep.testing.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName(
        "A spool that is full or fails defers mail, loses none, and has its room back after it")
class SpoolTroubleTest extends AtTheOffice {
    private static final SpoolLimits SMALL = new SpoolLimits(64 << 10, 128 << 10, 6 << 20);

    /** More than the spool keeps in memory. */
    private static final byte[] MESSAGE =
            ("Subject: x\r\n\r\n" + "y\r\n".repeat(200_000)).getBytes(UTF_8);

    @Test
    @Claim("ATK-46")
    void whenTheSpoolIsFullMailIsDeferredAndWhatIsAcknowledgedIsWhole() throws Exception {
        Spool small = office.spool(SMALL);
        byte[] message =
                ("Subject: large\r\n\r\n" + ("y".repeat(70) + "\r\n").repeat(30_000))
                        .getBytes(UTF_8);
        int before = office.count(Office.BERT);
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger deferred = new AtomicInteger();
        try (Listener listener = office.listen(SmtpService.MX, Office.limits(), small);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(clients.submit(() -> deliverTo(listener, message)));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isIn(250, 452);
                (answer.get() == 250 ? taken : deferred).incrementAndGet();
            }
        }
        assertThat(taken.get() + deferred.get()).isEqualTo(12);
        assertThat(taken.get()).isPositive();
        assertThat(deferred.get()).isPositive();
        assertThat(office.count(Office.BERT)).isEqualTo(before + taken.get());
        assertThat(office.newestBody(Office.BERT)).isEqualTo(message);
        assertThat(small.memoryInUse()).isZero();
        assertThat(small.filesInUse()).isZero();
    }

    private static int deliverTo(Listener listener, byte[] message) throws IOException {
        try (SmtpClient client = SmtpClient.connect(listener.address())) {
            SmtpReply reply = client.greet().deliver("a@b.example", List.of(Office.BERT), message);
            client.send("NOOP").expect(250);
            return reply.code();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE|1|IOException|452|4.3.1 No room for the message",
                "DELETE|1|IOException|452|4.3.1 No room for the message",
                "WRITE|1|IOException|452|4.3.1 No room for the message",
                "WRITE|9|IOException|452|4.3.1 No room for the message",
                "WRITE|9|OutOfMemoryError|451|4.3.0 The message can't be stored now",
                "READ|1|IOException|451|4.3.0 The message can't be stored now",
                "READ|50|IOException|451|4.3.0 "
            })
    @DisplayName("RFC 5321 4.2.5: what isn't stored isn't acknowledged")
    @Claim({"ATK-46", "DAT-1"})
    void aDiskThatFailsDefersTheMessageAndTheNextOneIsTaken(
            Op op, int failing, String how, int code, String text) throws IOException {
        int before = office.count(Office.BERT);
        SimDisk disk = new SimDisk(Randomness.system());
        Spool spool = new Spool(disk, Path.of("/spool"), Randomness.system(), SMALL);
        AtomicInteger left = new AtomicInteger(failing);
        try (Listener listener = office.listen(SmtpService.MX, Office.limits(), spool);
                SmtpClient client = SmtpClient.connect(listener.address())) {
            client.greet();
            disk.faults((one, _) -> {
                if (one == op && left.decrementAndGet() <= 0) {
                    fail(how);
                }
            });
            client.deliver("a@b.example", List.of(Office.BERT), MESSAGE);
            assertThat(client.last().code()).as(client.last().toString()).isEqualTo(code);
            assertThat(client.last().text()).startsWith(text);
            assertThat(left.get()).as("operations before the first that failed").isLessThan(1);
            assertThat(office.count(Office.BERT)).isEqualTo(before);
            assertThat(spool.memoryInUse()).isZero();
            assertThat(spool.filesInUse()).isZero();
            disk.faults((_, _) -> {});
            client.deliver("a@b.example", List.of(Office.BERT), MESSAGE);
            assertThat(client.last().code()).as(client.last().toString()).isEqualTo(250);
        }
        assertThat(office.newestBody(Office.BERT)).isEqualTo(MESSAGE);
    }

    private static void fail(String how) throws IOException {
        if ("OutOfMemoryError".equals(how)) {
            throw new OutOfMemoryError("as asked");
        }
        throw new IOException("as asked");
    }
}
