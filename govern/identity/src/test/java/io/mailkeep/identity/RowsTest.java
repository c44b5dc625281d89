package io.mailkeep.identity;

import static io.mailkeep.identity.House.address;
import static io.mailkeep.identity.House.done;
import static io.mailkeep.identity.House.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.TamperedException;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the directory leaves in the database, and what it doesn't take from there. */
class RowsTest {
    private static final String PASSWORD = "correct horse";

    private House house = nothing();
    private Access access = nothing();
    private TenantId tenant = nothing();

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        house = new House(folder);
        access = house.access(Operation.DIRECTORY);
        tenant = done(house.directory.addTenant(access, "Rows", "local", "rows.test"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private UUID added(String name) {
        return done(house.directory.addAccount(
                        access, address(name), "A person", Optional.of(Secret.ofUtf8(PASSWORD))))
                .account()
                .id()
                .value();
    }

    private void change(String sql) throws SQLException {
        try (Connection owner = SharedPostgres.owner(house.location);
                Statement statement = owner.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    private long rows(String table) throws SQLException {
        try (Connection owner = SharedPostgres.owner(house.location);
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    /** Moved to another row with the leaf of its key. */
    @Test
    @Claim({"DAT-4", "ATK-100"})
    void anAddressIsBoundToItsAccountAndToItsHash() throws SQLException {
        UUID ann = added("ann@rows.test");
        UUID bob = added("bob@rows.test");
        UUID cora = added("cora@rows.test");
        done(
                house.directory.addAlias(
                        access, address("cora@rows.test"), address("sales@rows.test")));
        change(
                "update identity.address set account_id = '%s' where account_id = '%s'"
                        .formatted(bob, ann));
        change(
                """
                update identity.address a set leaf_id = b.leaf_id, address = b.address
                from identity.address b
                where a.account_id = '%s' and b.account_id = a.account_id and b.alias <> a.alias
                """
                        .formatted(cora));
        for (String name : List.of("bob@rows.test", "cora@rows.test")) {
            assertThatThrownBy(() -> house.directory.account(access, address(name)))
                    .as(name)
                    .isInstanceOf(TamperedException.class);
        }
    }

    /** Whoever writes rows without keys gives nobody another's mailbox to read. */
    @Test
    @Claim({"DAT-3", "ATK-100"})
    void anAccountIsBoundToItsMailbox() throws SQLException {
        UUID ann = added("ann@rows.test");
        UUID bob = added("bob@rows.test");
        change(
                """
                update identity.account a set mailbox_id = b.mailbox_id from identity.account b
                where a.account_id = '%s' and b.account_id = '%s'
                """
                        .formatted(ann, bob));
        assertThatThrownBy(() -> house.signIn(house.signIn, "ann@rows.test", PASSWORD, "192.0.2.1"))
                .isInstanceOf(TamperedException.class);
    }

    @Test
    @Claim("DAT-4")
    void theKeyOfAnAliasGoesWithIt() throws SQLException {
        added("ann@rows.test");
        long before = rows("tree.leaf");
        EmailAddress alias = address("sales@rows.test");
        done(house.directory.addAlias(access, address("ann@rows.test"), alias));
        assertThat(rows("tree.leaf")).isEqualTo(before + 1);
        done(house.directory.removeAlias(access, address("ann@rows.test"), alias));
        assertThat(rows("tree.leaf")).isEqualTo(before);
    }

    @Test
    @Claim("DAT-5")
    void whoseKeysAreDestroyedIsNobody() throws SQLException {
        added("ann@rows.test");
        UUID bob = added("bob@rows.test");
        UUID cora = added("cora@rows.test");
        String gone = "delete from tree.leaf where leaf_id in (select %s from identity.%s)";
        change(gone.formatted("profile_leaf", "account where account_id = '%s'".formatted(bob)));
        change(gone.formatted("leaf_id", "address where account_id = '%s'".formatted(cora)));
        assertThat(house.directory.accounts(access, tenant))
                .extracting(Directory.AccountInfo::address)
                .containsExactly(address("ann@rows.test"));
        for (String name : List.of("bob@rows.test", "cora@rows.test")) {
            assertThat(house.signIn(house.signIn, name, PASSWORD, "192.0.2.1"))
                    .as(name)
                    .isInstanceOf(Outcome.Refused.class);
        }
        change(gone.formatted("name_leaf", "domain"));
        assertThat(house.directory.tenants(access))
                .singleElement()
                .satisfies(company -> assertThat(company.domains()).isEmpty());
        change(gone.formatted("name_leaf", "tenant"));
        assertThat(house.directory.tenants(access)).isEmpty();
    }

    @Test
    void anAddressThatIsTakenGetsNoMailbox() throws SQLException {
        added("ann@rows.test");
        long before = rows("mailbox.mailbox");
        assertThat(
                        house.directory.addAccount(
                                access, address("ANN@rows.test"), "Another", Optional.empty()))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(rows("mailbox.mailbox")).isEqualTo(before);
    }
}
