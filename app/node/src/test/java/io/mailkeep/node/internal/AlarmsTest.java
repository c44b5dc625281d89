package io.mailkeep.node.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Outbox;
import io.mailkeep.audit.SubjectCipher;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.net.Alarm;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What listeners say of clients stands on the audit log, the address sealed")
class AlarmsTest {
    private static final Alarm FORGED =
            new Alarm(
                    EventType.PROXY_FORGED,
                    InetAddress.ofLiteral("192.0.2.7"),
                    Map.of("service", "smtp"));

    private final List<String> stored = new ArrayList<>();
    private boolean away;

    private final Outbox outbox =
            new Outbox() {
                @Override
                public void append(List<Entry> entries) {
                    if (away) {
                        throw new Unavailable(Problem.temporary("away", "database"));
                    }
                    entries.forEach(entry -> stored.add(new String(entry.bytes(), UTF_8)));
                }

                @Override
                public List<Entry> take(int limit) {
                    return List.of();
                }

                @Override
                public void published(Collection<java.util.UUID> ids) {}

                @Override
                public Backlog backlog() {
                    return new Backlog(0, Duration.ZERO);
                }
            };

    private final SubjectCipher cipher =
            new SubjectCipher() {
                @Override
                public Optional<byte[]> seal(TenantId tenant, SubjectId subject, byte[] clear) {
                    return Optional.of(new byte[] {1, 2, 3});
                }

                @Override
                public Optional<byte[]> open(TenantId tenant, SubjectId subject, byte[] sealed) {
                    return Optional.empty();
                }
            };

    private final Alarms alarms =
            new Alarms(new Trail(outbox, cipher, Time.system(), Randomness.system()));

    @Test
    @Claim({"ATK-138", "DAT-6"})
    void anAlarmIsAnEntryWithItsAddressSealed() {
        alarms.accept(FORGED);
        assertThat(stored).hasSize(1);
        assertThat(stored.getFirst())
                .contains("\"net.proxy-forged\"", "\"REFUSED\"", "\"service\":\"smtp\"", "sealed")
                .doesNotContain("192.0.2.7");
    }

    @Test
    @Claim("ATK-138")
    void oneThatCannotBeToldHarmsNobody() {
        away = true;
        alarms.accept(FORGED);
        assertThat(stored).isEmpty();
    }
}
