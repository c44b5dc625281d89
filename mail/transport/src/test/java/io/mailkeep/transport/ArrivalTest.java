package io.mailkeep.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.segments.Spool;
import io.mailkeep.segments.SpoolLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A message on its way in is as large as the limit (RFC 1870 6.3), and no larger")
class ArrivalTest {
    @Test
    @Claim("ATK-09")
    void theLastOctetIsTakenAndOneMoreRefusesAllAndKeepsNothing(@TempDir Path folder)
            throws IOException {
        byte[] message = "Subject: x\r\n\r\nbody\r\n".getBytes(US_ASCII);
        Spool spool = new Spool(folder, Randomness.system(), SpoolLimits.standard());
        IntakeLimits limits = new IntakeLimits(message.length, 1, 1_000, 1);
        try (Arrival arrival =
                new Arrival(
                        spool.writer(),
                        "mail.example.test",
                        limits,
                        Optional::empty,
                        Time.system())) {
            arrival.write(message, 0, message.length);
            assertThat(arrival.problem()).isEmpty();
            assertThat(spool.memoryInUse()).isPositive();
            arrival.write(message, 0, 1);
            assertThat(arrival.problem().map(Problem::enhanced)).contains("5.3.4");
            assertThat(spool.memoryInUse()).isZero();
        }
    }

    @Test
    @Claim({"ATK-08", "ATK-09"})
    void aHeaderThatCannotBeTakenIsNotKeptAndNotReadOnForever(@TempDir Path folder)
            throws IOException {
        Spool spool = new Spool(folder, Randomness.system(), SpoolLimits.standard());
        try (Arrival arrival =
                new Arrival(
                        spool.writer(),
                        "mail.example.test",
                        new IntakeLimits(1_000, 1, 20, 1),
                        Optional::empty,
                        Time.system())) {
            byte[] field = "Subject: x\r\n".getBytes(US_ASCII);
            arrival.write(field, 0, field.length);
            arrival.write(field, 0, field.length);
            assertThat(arrival.problem().map(Problem::enhanced)).contains("5.3.4");
            assertThat(spool.memoryInUse()).isZero();
        }
    }
}
