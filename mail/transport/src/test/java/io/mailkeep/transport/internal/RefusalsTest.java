package io.mailkeep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mailkeep.audit.Event;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A refusal is told to the audit log, and stands without it")
@Claim("DAT-6")
class RefusalsTest {
    private static void tell(
            Consumer<Event> audit, Optional<TenantId> tenant, Optional<String> account) {
        Refusals.tell(
                audit,
                EventType.MAIL_REFUSED,
                "mx",
                tenant,
                account,
                InetAddress.getLoopbackAddress(),
                "relay denied",
                Map.of("queueId", "q"));
    }

    @Test
    void aLogThatCannotBeWrittenChangesNothing() {
        assertThatCode(() ->
                        tell(
                                event -> {
                                    throw new Unavailable(Problem.temporary("away", "test"));
                                },
                                Optional.empty(),
                                Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void aStrangersIsTheInstallationsAndItsAddressIsPersonal() {
        List<Event> told = new ArrayList<>();
        tell(told::add, Optional.empty(), Optional.empty());
        Event event = told.getFirst();
        assertThat(event.tenant()).isEqualTo(Event.INSTALLATION);
        assertThat(event.actor()).isEqualTo("module:mx");
        assertThat(event.decision()).isEqualTo(Event.Decision.REFUSED);
        assertThat(event.facts()).containsOnlyKeys("queueId", "reason");
        assertThat(event.personal()).singleElement().extracting("field").isEqualTo("remote");
    }

    @Test
    void onesOwnIsOnesOwnCompanysAndSealedForOneself() {
        List<Event> told = new ArrayList<>();
        TenantId tenant = new TenantId(new UUID(0, 1));
        AccountId account = new AccountId(new UUID(0, 2));
        tell(told::add, Optional.of(tenant), Optional.of(account.toString()));
        assertThat(told.getFirst().tenant()).isEqualTo(tenant);
        assertThat(told.getFirst().actor()).isEqualTo(account.toString());
        assertThat(told.getFirst().personal().getFirst().subject().toString())
                .isEqualTo(account.toString());
    }
}
