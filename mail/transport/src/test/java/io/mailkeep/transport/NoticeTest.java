package io.mailkeep.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.QueueId;
import io.mailkeep.message.EmailAddress;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The server's own messages reach its own people and nobody else")
class NoticeTest extends AtThePremises {
    private Outcome<QueueId> sent(String to) throws IOException {
        return new Notice(premises.intake)
                .send(EmailAddress.parse(to).orElseThrow(), "A subject", "One line.\nAnother.\n");
    }

    @Test
    @Claim("ATK-65")
    void aNoticeIsDelivered() throws IOException {
        premises.account("told@example.test");
        assertThat(sent("told@example.test")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    @Claim("ATK-65")
    void nobodyAndOutsidersGetNone() throws IOException {
        assertThat(sent("nobody@example.test")).isInstanceOf(Outcome.Refused.class);
        assertThat(sent("somebody@elsewhere.test"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.problem().text())
                                        .contains("Relay access denied"));
    }
}
