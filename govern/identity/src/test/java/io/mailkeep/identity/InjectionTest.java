package io.mailkeep.identity;

import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Text that means something to a database is text here, when it comes in and when it comes back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Claim({"ATK-91", "ACC-3"})
class InjectionTest {
    static final List<String> HOSTILE =
            List.of(
                    "x'; drop schema identity cascade; --",
                    "' or '1'='1",
                    "\\' or 2=2 --",
                    "$$; select pg_sleep(9); $$",
                    "%",
                    "_%_",
                    "{\"$ne\": null}",
                    "$1 ? :name #{system} ${jndi:ldap://x}",
                    "\"; delete from identity.account where \"\"=\"");

    private House house = nothing();
    private TenantId tenant = new TenantId(new java.util.UUID(1, 1));

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        tenant = done(house.directory.addTenant(access(), "Inject", "local", "inject.test"));
        add("ann@inject.test", "Ann");
    }

    @AfterAll
    void close() {
        house.close();
    }

    private Access access() {
        return house.access(Operation.DIRECTORY);
    }

    private EmailAddress add(String address, String name) {
        return done(house.directory.addAccount(
                        access(),
                        EmailAddress.parse(address).orElseThrow(),
                        name,
                        Optional.of(Secret.ofUtf8("correct horse battery"))))
                .account()
                .address();
    }

    /** A local part that holds the text, as far as one may. */
    private static EmailAddress quoted(String text) {
        String inner = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return EmailAddress.parse("\"" + inner + "\"@inject.test").orElseThrow();
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void whatANameHoldsComesBackAsItWasAndDoesNothing(String text) {
        int before = house.directory.accounts(access(), tenant).size();
        assertThat(house.directory.addAccount(access(), quoted(text), "A person", Optional.empty()))
                .as("such an address is nobody's")
                .isInstanceOf(Outcome.Refused.class);
        EmailAddress address = add("a" + HOSTILE.indexOf(text) + "@inject.test", text);
        assertThat(house.directory.accounts(access(), tenant))
                .hasSize(before + 1)
                .filteredOn(account -> account.address().equals(address))
                .singleElement()
                .satisfies(account -> assertThat(account.name()).isEqualTo(text));
        Outcome<TenantId> company =
                house.directory.addTenant(
                        access(), text, "local", "c" + HOSTILE.indexOf(text) + ".inject.test");
        assertThat(company).isInstanceOf(Outcome.Done.class);
        assertThat(house.directory.tenants(access())).anyMatch(one -> one.name().equals(text));
    }

    @Test
    void nobodyIsFoundByAPattern() {
        for (String text : List.of("%", "_nn", "an%", "ann' --", "a' or 'a'='a")) {
            assertThat(house.directory.resolve(house.access(Operation.RESOLVE), quoted("~" + text)))
                    .as(text)
                    .isInstanceOf(Resolution.NoSuchRecipient.class);
            assertThat(house.signIn(house.signIn, text, "correct horse battery", "192.0.2.8"))
                    .as(text)
                    .isInstanceOf(Outcome.Refused.class);
        }
        assertThat(
                        house.directory.resolve(
                                house.access(Operation.RESOLVE),
                                EmailAddress.parse("%nn@inject.test").orElseThrow()))
                .isInstanceOf(Resolution.NoSuchRecipient.class);
    }

    @Test
    void aRegionOrDomainIsAWordOrRefused() {
        for (String text : HOSTILE) {
            assertThat(house.directory.addTenant(access(), "Other", text, "other.inject.test"))
                    .as(text)
                    .isNotInstanceOf(Outcome.Done.class);
            assertThat(house.directory.addDomain(access(), tenant, text))
                    .as(text)
                    .isNotInstanceOf(Outcome.Done.class);
        }
    }
}
