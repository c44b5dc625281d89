package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.database.RecipientCalls.Answer;
import io.mailkeep.database.RecipientCalls.Found;
import io.mailkeep.database.RecipientCalls.Question;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecipientCallsTest {
    private static Database database;
    private static RecipientCalls calls;
    private static Person ann;
    private static Person bob;

    /** An account with an address, in a company of its own. */
    private record Person(MailboxFixture home, String domain, UUID account) {
        Optional<UUID> tenant() {
            return Optional.of(home.tenant().value());
        }

        Found found() {
            return new Found(account, home.mailbox().value(), 1);
        }
    }

    @BeforeAll
    static void open() {
        database = SharedPostgres.database();
        calls = new RecipientCalls(database.room(Room.IDENTITY));
        ann = person("one.test");
        bob = person("two.test");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** Both have the address of the same hash, which hashes with their company's id never have. */
    private static Person person(String domain) {
        TenantId tenant = new TenantId(UUID.randomUUID());
        MailboxFixture home = MailboxFixture.create(database, tenant);
        UUID account = UUID.randomUUID();
        sql(tenant, "insert into identity.region values ('x') on conflict do nothing");
        sql(
                tenant,
                "insert into identity.tenant values (?, 'x', ?, gen_random_uuid(), '', now())",
                tenant.value(),
                bytes(domain));
        sql(
                tenant,
                "insert into identity.domain values (?, gen_random_uuid(), ?, gen_random_uuid(),"
                        + " '', now())",
                tenant.value(),
                bytes(domain));
        sql(
                tenant,
                "insert into identity.account values (?, ?, ?, gen_random_uuid(), '', null, false,"
                        + " now())",
                tenant.value(),
                account,
                home.mailbox().value());
        sql(
                tenant,
                "insert into identity.address values (?, ?, ?, gen_random_uuid(), '', false)",
                tenant.value(),
                bytes("address"),
                account);
        return new Person(home, domain, account);
    }

    private static int sql(TenantId tenant, String text, Object... parameters) {
        return database.room(Room.IDENTITY)
                .inTenant(tenant, tx -> tx.sql().sql(text).params(List.of(parameters)).update());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Question question(String domain, Optional<UUID> guess, String address) {
        return new Question(bytes(domain), guess, bytes(address));
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void eachIsAnsweredInItsPlaceAndNobodyIsFoundUnderAnotherCompany() {
        assertThat(
                        calls.find(
                                List.of(
                                        question(bob.domain(), bob.tenant(), "address"),
                                        question("nowhere.test", ann.tenant(), "address"),
                                        question(ann.domain(), ann.tenant(), "address"),
                                        question(ann.domain(), ann.tenant(), "nobody"),
                                        question(ann.domain(), Optional.empty(), "address"),
                                        question(ann.domain(), bob.tenant(), "address"))))
                .containsExactly(
                        new Answer(bob.tenant(), Optional.of(bob.found())),
                        new Answer(Optional.empty(), Optional.empty()),
                        new Answer(ann.tenant(), Optional.of(ann.found())),
                        new Answer(ann.tenant(), Optional.empty()),
                        new Answer(ann.tenant(), Optional.empty()),
                        new Answer(ann.tenant(), Optional.empty()));
    }

    @Test
    @Claim({"ATK-86", "ACC-3"})
    void whoIsDisabledOrTakesNoMailIsNobodyAtOnce() {
        Person carl = person("three.test");
        List<Question> asked = List.of(question(carl.domain(), carl.tenant(), "address"));
        Answer nobody = new Answer(carl.tenant(), Optional.empty());
        assertThat(calls.find(asked).getFirst().mailbox()).isPresent();
        sql(carl.home().tenant(), "update identity.account set disabled = true");
        assertThat(calls.find(asked)).containsExactly(nobody);
        sql(carl.home().tenant(), "update identity.account set disabled = false");
        assertThat(calls.find(asked).getFirst().mailbox()).isPresent();
        standing(carl, -2);
        assertThat(calls.find(asked)).containsExactly(nobody);
        standing(carl, 3);
        assertThat(calls.find(asked).getFirst().mailbox().orElseThrow().standing()).isEqualTo(3);
    }

    private static void standing(Person person, long epoch) {
        database.room(Room.MAILBOX)
                .runInTenant(
                        person.home().tenant(),
                        tx ->
                                tx.sql()
                                        .sql("update mailbox.mailbox set standing_epoch = ?")
                                        .param(epoch)
                                        .update());
    }
}
