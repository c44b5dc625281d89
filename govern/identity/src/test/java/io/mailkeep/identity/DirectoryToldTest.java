package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every change of the directory and every look into it stands on the audit log, and needs a right.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectoryToldTest {
    private static final EmailAddress ANN = address("ann@told.test");
    private static final EmailAddress BOB = address("bob@told.test");
    private static final EmailAddress ALIAS = address("sales@told.test");

    private House house = nothing();
    private TenantId tenant = new TenantId(new java.util.UUID(1, 1));

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        tenant = done(house.directory.addTenant(access(), "Told", "local", "told.test"));
        added(ANN);
        added(BOB);
    }

    @AfterAll
    void close() {
        house.close();
    }

    private Access access() {
        return house.access(Operation.DIRECTORY);
    }

    private Outcome<Directory.NewAccount> added(EmailAddress address) {
        return house.directory.addAccount(
                access(), address, "A person", Optional.of(Secret.ofUtf8("correct horse")));
    }

    private void tells(Outcome<?> outcome, List<String> told, String... words) {
        done(outcome);
        assertThat(told).singleElement().asString().contains(words).contains("GRANTED", "module:");
    }

    private void change(java.util.function.Supplier<Outcome<?>> change, String... words) {
        List<Outcome<?>> outcome = new ArrayList<>();
        List<String> told = house.told(() -> outcome.add(change.get()));
        tells(outcome.getFirst(), told, words);
        assertThat(told.getFirst()).doesNotContain("told.test", "A person", "sales");
    }

    @Test
    @Claim({"ACC-1", "DAT-6"})
    void eachChangeIsToldOnce() {
        var directory = house.directory;
        assertThat(
                        house.told(() ->
                                done(directory.addTenant(access(), "Other", "eu-1", "other.test"))))
                .hasSize(2)
                .anyMatch(it -> it.contains("identity.tenant-added") && it.contains("eu-1"))
                .anyMatch(it -> it.contains("identity.domain-added"));
        change(() -> directory.addDomain(access(), tenant, "more.test"), "identity.domain-added");
        change(() -> added(address("cora@told.test")), "identity.account-added", "mailbox");
        change(
                () -> directory.addAlias(access(), ANN, ALIAS),
                "identity.account-changed",
                "alias added");
        change(
                () -> directory.removeAlias(access(), ANN, ALIAS),
                "identity.account-changed",
                "alias removed");
        change(
                () -> directory.setPassword(access(), ANN, Optional.empty()),
                "identity.password-changed");
        change(
                () -> directory.setDisabled(access(), ANN, true),
                "identity.account-changed",
                "disabled");
        change(
                () -> directory.setDisabled(access(), ANN, false),
                "identity.account-changed",
                "enabled");
        change(
                () -> directory.setRights(access(), ANN, BOB, "lr"),
                "identity.account-changed",
                "rights",
                "lr");
    }

    @Test
    @Claim("DAT-6")
    void eachLookIsTold() {
        var directory = house.directory;
        for (Runnable look :
                List.<Runnable>of(
                        () -> directory.tenants(access()),
                        () -> directory.accounts(access(), tenant),
                        () -> directory.account(access(), ANN),
                        () ->
                                done(
                                        directory.checkAccount(
                                                access(), ANN, "A person", Optional.empty())))) {
            assertThat(house.told(look))
                    .singleElement()
                    .asString()
                    .contains("identity.directory-read", "GRANTED");
        }
    }

    @Test
    @Claim({"DAT-3", "ATK-85"})
    void eachAsksForTheRight() {
        var directory = house.directory;
        Access other = house.access(Operation.RESOLVE);
        for (Runnable what :
                List.<Runnable>of(
                        () -> directory.resolve(access(), address("x@elsewhere.test")),
                        () -> directory.addTenant(other, "Third", "local", "third.test"),
                        () -> directory.addDomain(other, tenant, "third.test"),
                        () -> directory.addAccount(other, ANN, "X", Optional.empty()),
                        () -> directory.checkAccount(other, ANN, "X", Optional.empty()),
                        () -> directory.tenants(other),
                        () -> directory.accounts(other, tenant),
                        () -> directory.account(other, ANN),
                        () -> directory.setPassword(other, ANN, Optional.empty()),
                        () -> directory.setDisabled(other, ANN, true),
                        () -> directory.addAlias(other, ANN, ALIAS),
                        () -> directory.removeAlias(other, ANN, ALIAS),
                        () -> directory.setRights(other, ANN, BOB, "r"))) {
            assertThatThrownBy(what::run).isInstanceOf(AccessDenied.class);
        }
    }

    @Test
    @Claim("ATK-90")
    void namesOfRegionsAndRightsOfOneselfAreRefused() {
        var directory = house.directory;
        for (String region : List.of("", "-eu", "EU", "eu 1", "x".repeat(33))) {
            assertThat(directory.addTenant(access(), "Fourth", region, "fourth.test"))
                    .isInstanceOf(Outcome.Refused.class);
        }
        assertThat(directory.setRights(access(), ANN, ANN, "r"))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(directory.addAlias(access(), ANN, address("sales+x@told.test")))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(directory.addAlias(access(), ANN, address("\"sales x\"@told.test")))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void anAliasIsRemovedFromTheAccountThatHasIt() {
        EmailAddress own = address("own@told.test");
        done(house.directory.addAlias(access(), ANN, own));
        assertThat(house.directory.removeAlias(access(), BOB, own))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(house.directory.account(access(), own)).isPresent();
    }

    @Test
    void aCheckSaysWhatAddingWouldComeToAndDoesNothing() {
        var directory = house.directory;
        EmailAddress fresh = address("fresh@told.test");
        EmailAddress alias = address("checked@told.test");
        done(directory.addAlias(access(), ANN, alias));
        Optional<Secret> good = Optional.of(Secret.ofUtf8("correct horse"));

        assertThat(done(directory.checkAccount(access(), fresh, "Fresh", good))).isEmpty();
        assertThat(done(directory.checkAccount(access(), fresh, "Fresh", Optional.empty())))
                .isEmpty();
        assertThat(done(directory.checkAccount(access(), address("Ann@TOLD.test"), "", good)))
                .as("another spelling, whatever else would be wrong")
                .hasValueSatisfying(account -> assertThat(account.address()).isEqualTo(ANN));
        for (Outcome<?> refused :
                List.of(
                        directory.checkAccount(access(), alias, "Fresh", good),
                        directory.checkAccount(access(), address("ann+x@told.test"), "X", good),
                        directory.checkAccount(access(), address("x@nowhere.test"), "X", good),
                        directory.checkAccount(access(), address("x+y@told.test"), "X", good),
                        directory.checkAccount(access(), fresh, " ", good),
                        directory.checkAccount(
                                access(), fresh, "X", Optional.of(Secret.ofUtf8("short"))))) {
            assertThat(refused).isInstanceOf(Outcome.Refused.class);
        }
        assertThat(house.told(() -> done(directory.checkAccount(access(), fresh, "Fresh", good))))
                .as("nothing was read and nothing done")
                .isEmpty();
        assertThat(directory.account(access(), fresh)).isEmpty();
    }
}
