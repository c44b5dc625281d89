package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.internal.LogFolder;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * Bundles and entries of a log that somebody else wrote: refused or read, and what is read shows on
 * one line without anything that steers a terminal.
 */
@Claim({"DAT-6", "ATK-111", "ATK-114"})
class EntryFuzzTest implements FuzzTarget {
    private static final String KEY =
            Note.verifierKey(
                    "log.example",
                    Base64.getDecoder().decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));

    private final LogReader reader =
            new LogReader(
                    Path.of("nowhere"),
                    KEY,
                    new SubjectCipher() {
                        @Override
                        public Optional<byte[]> seal(TenantId tenant, SubjectId to, byte[] clear) {
                            return Optional.empty();
                        }

                        @Override
                        public Optional<byte[]> open(TenantId tenant, SubjectId of, byte[] sealed) {
                            return Optional.of(sealed);
                        }
                    });

    @Override
    public void one(byte[] input) {
        LogFolder.Bundle bundle = LogFolder.bundle(ByteBuffer.wrap(input), 256, true);
        assertThat(bundle.entries()).hasSizeLessThanOrEqualTo(256);
        int octets = bundle.entries().stream().mapToInt(entry -> 2 + entry.length).sum();
        assertThat(octets).isLessThanOrEqualTo(input.length);
        bundle.entries().forEach(this::entry);
        entry(input);
    }

    private void entry(byte[] bytes) {
        LoggedEntry entry;
        try {
            entry = reader.entry(7, bytes);
        } catch (AuditRefused refused) {
            assertThat(refused.getMessage()).contains("Entry 7");
            return;
        }
        assertThat(entry.line().codePoints())
                .noneMatch(
                        c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
        // a character is at most ten in its escaped form
        assertThat(entry.line().length()).isLessThanOrEqualTo(200 + 12 * bytes.length);
        assertThat(entry.facts()).doesNotContainKey(null).doesNotContainValue(null);
        assertThat(entry.personal()).doesNotContainKey(null).doesNotContainValue(null);
    }
}
