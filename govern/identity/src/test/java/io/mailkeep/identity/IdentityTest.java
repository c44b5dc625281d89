package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Admission;
import io.mailkeep.tickets.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityTest {
    private static final String PASSWORD = "correct horse battery";

    private House house = nothing();
    private TenantId first = new TenantId(new java.util.UUID(1, 1));
    private TenantId second = first;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        Access access = house.access(Operation.DIRECTORY);
        first =
                done(
                        house.directory.addTenant(
                                access, "Canaria Works", "local", "canary-one.test"));
        second = done(house.directory.addTenant(access, "Second", "local", "canary-two.test"));
    }

    @AfterAll
    void close() {
        house.close();
    }

    private Directory.NewAccount add(String address) {
        return done(
                house.directory.addAccount(
                        house.access(Operation.DIRECTORY),
                        address(address),
                        "Canaria Person",
                        Optional.of(Secret.ofUtf8(PASSWORD))));
    }

    private static Problem problem(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Refused<?>(Problem problem) -> problem;
            case Outcome.Deferred<?>(Problem problem) -> problem;
            case Outcome.Done<?> done -> throw new AssertionError("done: " + done);
        };
    }

    @Test
    void resolvesWhatIsOursAndNobodyElse() {
        var ann = add("resolve.ann@canary-one.test").account();
        Access access = house.access(Operation.RESOLVE);
        for (String spelling :
                List.of("resolve.ann@canary-one.test", "Resolve.ANN+list@CANARY-ONE.test")) {
            assertThat(house.directory.resolve(access, address(spelling)))
                    .isInstanceOfSatisfying(
                            Resolution.Local.class,
                            local -> assertThat(local.recipient().account()).isEqualTo(ann.id()));
        }
        assertThat(house.directory.resolve(access, address("nobody@canary-one.test")))
                .isInstanceOf(Resolution.NoSuchRecipient.class);
        assertThat(house.directory.resolve(access, address("resolve.ann@canary-two.test")))
                .isInstanceOf(Resolution.NoSuchRecipient.class);
        assertThat(house.directory.resolve(access, address("resolve.ann@elsewhere.test")))
                .isInstanceOf(Resolution.Outside.class);
        assertThat(
                        house.directory.resolve(
                                house.access(Operation.RESOLVE, second),
                                address("resolve.ann@canary-one.test")))
                .isInstanceOf(Resolution.Outside.class);
    }

    @Test
    @Claim({"DAT-3", "ACC-3"})
    void accessOfAnotherKindOrCompanyIsDenied() {
        Access resolve = house.access(Operation.RESOLVE);
        Access other = house.access(Operation.DIRECTORY, second);
        assertThatThrownBy(() -> house.directory.tenants(resolve)).isInstanceOf(AccessDenied.class);
        assertThat(
                        house.told(() ->
                                assertThatThrownBy(() -> house.directory.accounts(other, first))
                                        .isInstanceOf(AccessDenied.class)))
                .isEmpty();
        assertThatThrownBy(() -> house.directory.addDomain(other, first, "more.test"))
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> house.directory.addTenant(other, "Mine", "local", "mine.test"))
                .isInstanceOf(AccessDenied.class);
        // before anything is said about what was given
        TenantId nobody = new TenantId(new UUID(1, 1));
        assertThatThrownBy(() -> house.directory.addDomain(other, nobody, "more.test"))
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> house.directory.addTenant(other, "Mine", "no region", "mine.test"))
                .isInstanceOf(AccessDenied.class);
        add("denied.ann@canary-one.test");
        assertThat(house.directory.account(other, address("denied.ann@canary-one.test"))).isEmpty();
        assertThat(
                        house.directory.setPassword(
                                other, address("denied.ann@canary-one.test"), Optional.empty()))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(house.directory.tenants(other))
                .extracting(Directory.TenantInfo::id)
                .containsExactly(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CANARIA works",
                "Canaria Works.",
                "ｃａｎａｒｉａ　works",
                "Canaria\u00a0Works",
                "canariaworks"
            })
    @Claim("ATK-90")
    void companiesThatFoldTogetherAreRefused(String name) {
        Access access = house.access(Operation.DIRECTORY);
        assertThat(
                        house.directory.addTenant(
                                access, name, "local", "fold" + name.hashCode() + ".test"))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim("ATK-90")
    void domainsThatFoldTogetherAreRefusedWhoeverHasThem() {
        Access access = house.access(Operation.DIRECTORY);
        for (String domain :
                List.of(
                        "canary-one.test",
                        "CANARY-ONE.test",
                        "ｃanary-one.test",
                        "canary-one。test")) {
            Problem own = problem(house.directory.addDomain(access, first, domain));
            Problem other = problem(house.directory.addDomain(access, second, domain));
            assertThat(own).isEqualTo(other);
        }
        Problem whole =
                problem(
                        house.directory.addTenant(
                                access, "Fresh name", "local", "canary-one.test"));
        assertThat(whole.text()).contains("domain is in use");
        assertThat(house.directory.tenants(access))
                .as("nothing of a refused company stays")
                .extracting(Directory.TenantInfo::name)
                .containsExactlyInAnyOrder("Canaria Works", "Second");
        done(house.directory.addDomain(access, second, "bücher.test"));
        assertThat(house.directory.addDomain(access, second, "xn--bcher-kva.test"))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim({"ATK-90", "ATK-11"})
    void addressesThatFoldTogetherAreRefused() {
        add("fold.ann@canary-one.test");
        Access access = house.access(Operation.DIRECTORY);
        for (String spelling :
                List.of(
                        "FOLD.ann@canary-one.test",
                        "ｆold.ann@canary-one.test",
                        "fold.ann+x@canary-one.test",
                        "fold%ann@canary-one.test",
                        "\"fold ann\"@canary-one.test",
                        "x@unknown.test")) {
            assertThat(house.directory.addAccount(access, address(spelling), "X", Optional.empty()))
                    .as(spelling)
                    .isInstanceOf(Outcome.Refused.class);
        }
        done(
                house.directory.addAccount(
                        access,
                        address("fold.ann@canary-two.test"),
                        "Same, elsewhere",
                        Optional.empty()));
    }

    @Test
    void listsWhatWasAdded() {
        add("list.ann@canary-one.test");
        Access access = house.access(Operation.DIRECTORY);
        var company =
                house.directory.tenants(access).stream()
                        .filter(it -> it.id().equals(first))
                        .findFirst();
        assertThat(company.orElseThrow().name()).isEqualTo("Canaria Works");
        assertThat(company.orElseThrow().domains()).containsExactly("canary-one.test");
        assertThat(house.directory.accounts(access, first))
                .anySatisfy(info -> {
                    assertThat(info.address()).isEqualTo(address("list.ann@canary-one.test"));
                    assertThat(info.name()).isEqualTo("Canaria Person");
                    assertThat(info.hasPassword()).isTrue();
                    assertThat(info.disabled()).isFalse();
                });
    }

    @Test
    void aliasesComeAndGo() {
        var ann = add("alias.ann@canary-one.test").account();
        Access access = house.access(Operation.DIRECTORY);
        var alias = address("alias.sales@canary-one.test");
        assertThat(done(house.directory.addAlias(access, ann.address(), alias)).aliases())
                .containsExactly(alias);
        assertThat(house.directory.addAlias(access, ann.address(), alias))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(house.directory.addAlias(access, ann.address(), address("x@canary-two.test")))
                .isInstanceOf(Outcome.Refused.class);
        var signedIn =
                done(
                        house.signIn(
                                house.signIn,
                                "alias.sales@canary-one.test",
                                PASSWORD,
                                "192.0.2.1"));
        assertThat(signedIn.addresses()).containsExactlyInAnyOrder(alias, ann.address());
        assertThat(done(house.directory.removeAlias(access, ann.address(), alias)).aliases())
                .isEmpty();
        assertThat(house.directory.resolve(house.access(Operation.RESOLVE), alias))
                .isInstanceOf(Resolution.NoSuchRecipient.class);
        assertThat(house.directory.removeAlias(access, ann.address(), ann.address()))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(house.directory.account(access, ann.address())).isPresent();
    }

    @Test
    @Claim({"ATK-65", "ACC-1"})
    void guessingIsTurnedAwayOverAllProtocols() throws Exception {
        add("guess.ann@canary-one.test");
        SignIn door =
                house.signIn(
                        new SignInLimits(
                                Duration.ofMinutes(15),
                                3,
                                5,
                                1_000,
                                Duration.ofMillis(1),
                                Duration.ofMinutes(1),
                                1_000));
        List<Callable<Integer>> guesses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String remote = "198.51.100." + i;
            guesses.add(() ->
                    problem(
                                    house.signIn(
                                            door,
                                            "Guess.ann@canary-one.test",
                                            "wrong password",
                                            remote))
                            .reply());
        }
        List<Integer> replies = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> one : threads.invokeAll(guesses)) {
                replies.add(one.get());
            }
        }
        assertThat(replies.stream().filter(reply -> reply != 454).count()).isLessThanOrEqualTo(5);
        Problem turned =
                problem(house.signIn(door, "guess.ann@canary-one.test", PASSWORD, "203.0.113.9"));
        assertThat(turned.enhanced()).isEqualTo("4.7.0");
        assertThat(problem(turnedAwayForNobody(door))).isEqualTo(turned);
    }

    private Outcome<SignedIn> turnedAwayForNobody(SignIn door) throws ExecutionException {
        Outcome<SignedIn> last =
                house.signIn(door, "guess.nobody@canary-one.test", "wrong password", "203.0.113.8");
        for (int i = 0; i < 20 && problem(last).reply() != 454; i++) {
            last =
                    house.signIn(
                            door, "guess.nobody@canary-one.test", "wrong password", "203.0.113.8");
        }
        return last;
    }

    @Test
    @Claim({"ATK-86", "ACC-1"})
    void disablingEndsSessionsAndEnablingDoesntBringThemBack() {
        var ann = add("off.ann@canary-one.test").account();
        SignedIn person =
                done(house.signIn(house.signIn, "off.ann@canary-one.test", PASSWORD, "192.0.2.4"));
        Admission admission = house.admission(person, "192.0.2.4");
        Access read = done(house.authority.decide(admission, Operation.READ));
        done(house.signIn.renew(admission));
        Access access = house.access(Operation.DIRECTORY);
        assertThat(done(house.directory.setDisabled(access, ann.address(), true)).disabled())
                .isTrue();
        assertThatThrownBy(read::recheck).isInstanceOf(AccessDenied.class);
        assertThat(house.signIn.renew(admission)).isInstanceOf(Outcome.Refused.class);
        assertThat(house.directory.resolve(house.access(Operation.RESOLVE), ann.address()))
                .isInstanceOf(Resolution.NoSuchRecipient.class);
        done(house.directory.setDisabled(access, ann.address(), false));
        assertThat(house.signIn.renew(admission)).isInstanceOf(Outcome.Refused.class);
        done(house.signIn(house.signIn, "off.ann@canary-one.test", PASSWORD, "192.0.2.4"));
    }

    @Test
    void aNewPasswordEndsSessionsAndTheOldPassword() {
        var ann = add("new.ann@canary-one.test").account();
        SignedIn person =
                done(house.signIn(house.signIn, "new.ann@canary-one.test", PASSWORD, "192.0.2.5"));
        Admission admission = house.admission(person, "192.0.2.5");
        Access access = house.access(Operation.DIRECTORY);
        Secret generated =
                done(house.directory.setPassword(access, ann.address(), Optional.empty()))
                        .generated()
                        .orElseThrow();
        assertThat(house.signIn.renew(admission)).isInstanceOf(Outcome.Refused.class);
        assertThat(house.signIn(house.signIn, "new.ann@canary-one.test", PASSWORD, "192.0.2.5"))
                .isInstanceOf(Outcome.Refused.class);
        String fresh = new String(generated.exposeSecretBytes(), StandardCharsets.UTF_8);
        done(house.signIn(house.signIn, "new.ann@canary-one.test", fresh, "192.0.2.5"));
        assertThat(
                        house.directory.setPassword(
                                access, ann.address(), Optional.of(Secret.ofUtf8("short"))))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim("ATK-82")
    void renewedTicketsStayOnTheirConnection() {
        add("renew.ann@canary-one.test");
        SignedIn person =
                done(
                        house.signIn(
                                house.signIn, "renew.ann@canary-one.test", PASSWORD, "192.0.2.6"));
        var renewed = done(house.signIn.renew(house.admission(person, "192.0.2.6")));
        var module = house.module("imap", Operation.READ);
        done(house.authority.admit(renewed, module, House.channel("192.0.2.6"), House.PROCESS));
        assertThat(
                        house.authority.admit(
                                renewed, module, House.channel("192.0.2.7"), House.PROCESS))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim({"DAT-3", "ATK-84"})
    void delegatesNeedARowAndGetNoMore() {
        var owner = add("owner.ann@canary-one.test").account();
        var helper = add("helper.bob@canary-one.test").account();
        Access access = house.access(Operation.DIRECTORY);
        SignedIn before =
                done(
                        house.signIn(
                                house.signIn, "helper.bob@canary-one.test", PASSWORD, "192.0.2.8"));
        var mailbox =
                done(house.signIn(house.signIn, "owner.ann@canary-one.test", PASSWORD, "192.0.2.9"))
                        .mailbox();
        assertThat(house.signIn.delegate(house.admission(before, "192.0.2.8"), mailbox))
                .isInstanceOf(Outcome.Refused.class);
        done(house.directory.setRights(access, owner.address(), helper.address(), "lr"));
        SignedIn person =
                done(
                        house.signIn(
                                house.signIn, "helper.bob@canary-one.test", PASSWORD, "192.0.2.8"));
        var ticket = done(house.signIn.delegate(house.admission(person, "192.0.2.8"), mailbox));
        Admission delegate =
                done(
                        house.authority.admit(
                                ticket,
                                house.module("imap", Operation.READ, Operation.FLAG),
                                House.channel("192.0.2.8"),
                                House.PROCESS));
        Access read = done(house.authority.decide(delegate, Operation.READ));
        assertThat(read.mailbox()).contains(mailbox);
        assertThat(read.account()).contains(helper.id());
        assertThat(house.authority.decide(delegate, Operation.FLAG))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(house.signIn.renew(delegate)).isInstanceOf(Outcome.Refused.class);
        done(house.directory.setRights(access, owner.address(), helper.address(), ""));
        assertThatThrownBy(read::recheck).isInstanceOf(AccessDenied.class);
        assertThat(
                        house.directory.setRights(
                                access,
                                owner.address(),
                                add("ann@canary-two.test").account().address(),
                                "r"))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(house.directory.setRights(access, owner.address(), helper.address(), "rz"))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @Claim({"DAT-4", "DAT-6"})
    void databaseAndAuditHoldNoNameInClear() throws SQLException {
        var ann = add("secret.canaria@canary-one.test").account();
        done(
                house.directory.addAlias(
                        house.access(Operation.DIRECTORY),
                        ann.address(),
                        address("canaria2@canary-one.test")));
        house.signIn(house.signIn, "secret.canaria@canary-one.test", "canaria wrong", "192.0.2.77");
        done(house.signIn(house.signIn, "secret.canaria@canary-one.test", PASSWORD, "192.0.2.77"));
        List<String> told = house.told();
        assertThat(told)
                .anyMatch(it ->
                        it.contains("identity.account-added") && it.contains(ann.id().toString()));
        assertThat(
                        told.stream()
                                .filter(it ->
                                        it.contains("identity.sign-in")
                                                && it.contains(ann.id().toString())))
                .hasSize(2);
        for (String entry : told) {
            assertThat(entry.toLowerCase(Locale.ROOT))
                    .doesNotContain("canar", "192.0.2.77", "battery");
        }
        try (Connection owner = SharedPostgres.owner(house.location);
                Statement statement = owner.createStatement()) {
            for (String table : List.of("tenant", "domain", "account", "address", "acl")) {
                try (ResultSet rows =
                        statement.executeQuery(
                                "select encode(convert_to(t::text, 'UTF8'), 'escape') from identity."
                                        + table
                                        + " t")) {
                    while (rows.next()) {
                        String row = rows.getString(1).toLowerCase(Locale.ROOT);
                        assertThat(row)
                                .doesNotContain("canar", "argon2", hex("canar"), hex("argon2"));
                    }
                }
            }
        }
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
