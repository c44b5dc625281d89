package io.mailkeep.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.keys.SealedCopy;
import io.mailkeep.testing.sim.Seeds;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeaderEntryTest {
    @Test
    void readsBackWhatWasWritten() {
        Seeds.run(
                50,
                (seed, randomness) -> {
                    HeaderEntry entry = random(randomness);
                    HeaderEntry back = HeaderEntry.decode(entry.encode());
                    assertThat(back).usingRecursiveComparison().isEqualTo(entry);
                });
    }

    @Test
    void refusesWhatIsCutOrLongerOrOfAnotherVersion() {
        byte[] encoded = random(Seeds.randomness(1)).encode();
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> HeaderEntry.decode(cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatThrownBy(() -> HeaderEntry.decode(longer))
                .isInstanceOf(IllegalArgumentException.class);
        encoded[0] = 2;
        assertThatThrownBy(() -> HeaderEntry.decode(encoded))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static HeaderEntry random(Randomness randomness) {
        return new HeaderEntry(
                new MailboxId(randomness.uuid()),
                new SealedCopy(
                        new CopyId(randomness.uuid()),
                        new NodeId(randomness.uuid()),
                        new KeyId(randomness.uuid()),
                        randomness.bytes(randomness.below(200))),
                randomness.below(2) == 0
                        ? Optional.empty()
                        : Optional.of(new FolderId(randomness.uuid())),
                randomness.bytes(randomness.below(500)),
                randomness.below(32),
                Instant.ofEpochMilli(randomness.below(1_000_000_000)),
                randomness.below(1_000_000),
                randomness.below(2) == 0
                        ? Optional.empty()
                        : Optional.of(new CopyId(randomness.uuid())));
    }
}
