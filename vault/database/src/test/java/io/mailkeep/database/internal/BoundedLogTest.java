package io.mailkeep.database.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {
    @Test
    void itsFilesTheirLinesAndWhoReadsThemAreBounded(@TempDir Path folder) throws IOException {
        Path place = folder.resolve("log");
        BoundedLog log = new BoundedLog(place);
        String said = ("\u20ac".repeat(5_000) + "\n").repeat(3_000) + "the last\n";
        log.drain(new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)));
        assertThat(log.last()).isEqualTo("the last");
        assertThat(Files.readAllLines(place.resolve("postgres.log.1")))
                .allMatch(line -> line.length() == 1_000);
        assertThat(place.resolve("postgres.log")).isNotEmptyFile();
        for (String name : new String[] {"postgres.log", "postgres.log.1"}) {
            assertThat(Files.size(place.resolve(name))).isLessThanOrEqualTo(1 << 20);
        }
        assertThat(Files.getPosixFilePermissions(place))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
