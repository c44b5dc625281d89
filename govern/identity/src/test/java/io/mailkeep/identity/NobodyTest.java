package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.database.SharedPostgres;
import io.mailkeep.database.Waiting;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can't be let in isn't told why, neither by words nor by time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NobodyTest {
    private static final String PASSWORD = "correct horse battery";
    private static final EmailAddress ANN = address("ann@nobody.test");
    private static final EmailAddress OFF = address("off@nobody.test");

    private House house = nothing();

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        done(house.directory.addTenant(access(), "Nobody", "local", "nobody.test"));
        add(ANN, PASSWORD);
        add(OFF, PASSWORD);
        done(house.directory.setDisabled(access(), OFF, true));
        // the key that strangers' names are sealed with for the audit log is kept from here on
        attempt("nobody", PASSWORD);
    }

    @AfterAll
    void close() {
        house.close();
    }

    private Access access() {
        return house.access(Operation.DIRECTORY);
    }

    private void add(EmailAddress address, String password) {
        done(
                house.directory.addAccount(
                        access(), address, "A person", Optional.of(Secret.ofUtf8(password))));
    }

    private Outcome<SignedIn> attempt(String name, String password) {
        return house.signIn(house.signIn, name, password, "192.0.2.3");
    }

    @Test
    @Claim({"ATK-68", "ATK-77", "ATK-69"})
    void everyFailureLooksTheSame() {
        List<String[]> tries =
                List.of(
                        new String[] {ANN.text(), "wrong password"},
                        new String[] {OFF.text(), PASSWORD},
                        new String[] {"nobody@nobody.test", PASSWORD},
                        new String[] {"ann@elsewhere.test", PASSWORD},
                        new String[] {ANN.text(), ""},
                        new String[] {ANN.text(), PASSWORD + "\0"},
                        new String[] {ANN.text(), "x".repeat(1_000_000)},
                        new String[] {"*)(uid=*", PASSWORD},
                        new String[] {"' or 1=1 --", PASSWORD},
                        new String[] {"x".repeat(100_000), PASSWORD},
                        new String[] {"", PASSWORD},
                        new String[] {ANN.text() + "\r\n", PASSWORD});
        Outcome<SignedIn> nothing = attempt("nobody", "nothing");
        assertThat(tries.stream().map(one -> attempt(one[0], one[1]))).containsOnly(nothing);
        assertThat(nothing)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().reply()).isEqualTo(535));
        done(attempt(ANN.text(), PASSWORD));
    }

    @Test
    @Claim("ATK-68")
    void everyFailureTakesTheSame() {
        String[][] tries = {
            {ANN.text(), "wrong password"},
            {"nobody@nobody.test", PASSWORD},
            {"a@elsewhere.test", PASSWORD},
            {"nonsense", PASSWORD},
            {OFF.text(), PASSWORD},
            {ANN.text(), "\0"},
            {ANN.text(), "x".repeat(100_000)}
        };
        // the best of several, since others compute here, too
        long[] best = new long[tries.length];
        Arrays.fill(best, Long.MAX_VALUE);
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < tries.length; i++) {
                best[i] = Math.min(best[i], nanos(tries[i][0], tries[i][1]));
            }
        }
        for (int i = 1; i < tries.length; i++) {
            assertThat((double) best[i] / best[0]).as("try %d", i).isBetween(0.6, 1.6);
        }
    }

    private long nanos(String name, String password) {
        long start = Time.system().nanos();
        assertThat(attempt(name, password)).isInstanceOf(Outcome.Refused.class);
        return Time.system().nanos() - start;
    }

    /** Down to the keys of an account, the last that is read of it: there they wait, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@nobody.test",
                "off@nobody.test",
                "nobody@nobody.test",
                "a@elsewhere.test",
                "nonsense"
            })
    @Claim("ATK-68")
    void everyNameIsLookedUpTheSame(String name) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection owner = SharedPostgres.owner(house.location);
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("lock table tree.leaf in access exclusive mode");
            Future<Outcome<SignedIn>> answer =
                    threads.submit(() -> attempt(name, "wrong password"));
            Waiting.untilLocked(owner, answer);
            owner.rollback();
            assertThat(answer.get()).isInstanceOf(Outcome.Refused.class);
        }
    }

    /** What can't be a password is hashed as these words, which may be somebody's. */
    @Test
    @Claim({"ACC-1", "ATK-69"})
    void whatCantBeAPasswordIsNobodys() {
        EmailAddress unlucky = address("unlucky@nobody.test");
        String words = "no password at all";
        add(unlucky, words);
        assertThat(attempt(unlucky.text(), "")).isInstanceOf(Outcome.Refused.class);
        done(attempt(unlucky.text(), words));
    }
}
