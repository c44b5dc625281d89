package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Trail;
import io.mailkeep.database.Room;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.KeyScope;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A re-keying between sealing and storing: the real database refuses the leaf (MK001), and the
 * directory does its work again under the new key, without anybody noticing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RekeyedMeanwhileTest {
    private static final EmailAddress ANN = address("ann@rekeyed.test");

    private final Meanwhile meanwhile = new Meanwhile();
    private House house = nothing();
    private KeyOffice keys = nothing();
    private Directory directory = nothing();
    private TenantId tenant = new TenantId(new java.util.UUID(1, 1));

    /**
     * Asked between sealing and storing, for the time of an audit entry or of an account: renews
     * all keys of all companies then, as often as it was told to.
     */
    private final class Meanwhile implements Time {
        private int left;
        private int done;

        void renewKeys(int times) {
            left = times;
            done = 0;
        }

        @Override
        public Instant instant() {
            if (left > 0) {
                left--;
                done++;
                renewAll();
            }
            return Time.system().instant();
        }

        @Override
        public long nanos() {
            return Time.system().nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Time.system().sleep(duration);
        }
    }

    private void renewAll() {
        List<TenantId> holders =
                house
                        .database
                        .room(Room.TREE)
                        .withoutTenant(tx ->
                                tx.sql()
                                        .sql("select t as tenant from tree.tenants() t")
                                        .query(java.util.UUID.class)
                                        .list())
                        .stream()
                        .map(TenantId::new)
                        .toList();
        for (TenantId holder : holders) {
            done(keys.admin.rotate(house.access(Operation.KEYS), new KeyScope.OfTenant(holder)));
        }
    }

    private Access access() {
        return house.access(Operation.DIRECTORY);
    }

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        keys = new KeyOffice(house.keys, folder);
        Trail trail =
                new Trail(house.outbox, house.keys.subjects(), meanwhile, Randomness.system());
        directory = house.directory(house.epochs, trail, meanwhile);
        tenant = done(directory.addTenant(access(), "Rekeyed", "local", "rekeyed.test"));
        done(directory.addAccount(access(), ANN, "Ann", Optional.of(secret())));
    }

    /** Every leaf lies under its holder's key. */
    @AfterAll
    void close() {
        try (House all = house;
                KeyOffice last = keys) {
            assertThat(last.admin.check(all.access(Operation.MAINTAIN))).isEmpty();
        }
    }

    private static Secret secret() {
        return Secret.ofUtf8("correct horse battery");
    }

    @Test
    @DisplayName("A company and its domain are stored under keys that were renewed meanwhile")
    void company() {
        meanwhile.renewKeys(1);
        TenantId added = done(directory.addTenant(access(), "Second", "local", "second.test"));
        assertThat(directory.tenants(access()))
                .filteredOn(company -> company.id().equals(added))
                .singleElement()
                .satisfies(company -> {
                    assertThat(company.name()).isEqualTo("Second");
                    assertThat(company.domains()).containsExactly("second.test");
                });
    }

    @Test
    @DisplayName("So is another domain")
    void domain() {
        meanwhile.renewKeys(1);
        done(directory.addDomain(access(), tenant, "other.test"));
        assertThat(directory.tenants(access()))
                .filteredOn(company -> company.id().equals(tenant))
                .flatExtracting(Directory.TenantInfo::domains)
                .contains("other.test");
    }

    @Test
    @DisplayName("So is an account, which signs in then")
    void account() {
        // for its entry, before its leaves are made, and for its own time, after it
        meanwhile.renewKeys(2);
        EmailAddress bob = address("bob@rekeyed.test");
        done(directory.addAccount(access(), bob, "Bob", Optional.of(secret())));
        done(house.signIn(house.signIn, bob.text(), "correct horse battery", "192.0.2.1"));
    }

    @Test
    @DisplayName("So is an alias")
    void alias() {
        meanwhile.renewKeys(1);
        EmailAddress alias = address("sales@rekeyed.test");
        assertThat(done(directory.addAlias(access(), ANN, alias)).aliases()).contains(alias);
    }

    @Test
    @DisplayName("Keys that are renewed again and again defer the work, which stores nothing")
    void endlessly() {
        meanwhile.renewKeys(20);
        EmailAddress alias = address("never@rekeyed.test");
        assertThatThrownBy(() -> directory.addAlias(access(), ANN, alias))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        away -> assertThat(away.problem().reply()).isEqualTo(451));
        assertThat(meanwhile.done).isEqualTo(10);
        meanwhile.renewKeys(0);
        assertThat(directory.removeAlias(access(), ANN, alias)).isInstanceOf(Outcome.Refused.class);
    }
}
