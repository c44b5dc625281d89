package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Walks through PostgreSQL's catalogue: every table has its tenant and its wall, every column its
 * class, every role its rights and no more.
 */
class CatalogTest {
    private static final String OURS =
            "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')";

    private static Database database;
    private static Connection owner;

    @BeforeAll
    static void open() throws SQLException {
        DatabaseLocation.External location = SharedPostgres.location();
        database = SharedPostgres.open(location, SharedPostgres.INSTALLATION);
        owner = SharedPostgres.owner(location);
    }

    @AfterAll
    static void close() throws SQLException {
        owner.close();
        database.close();
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void everyTableHasATenantAndAForcedWallOrSaysWhyNot() throws SQLException {
        assertThat(
                        list(
                                "select c.oid::regclass::text from pg_class c join pg_namespace n on"
                                        + " n.oid = c.relnamespace where c.relkind in ('r', 'p') and "
                                        + OURS))
                .hasSizeGreaterThan(20);
        assertThat(
                        list(
                                """
                                select c.oid::regclass::text from pg_class c
                                join pg_namespace n on n.oid = c.relnamespace
                                where c.relkind in ('r', 'p', 'f', 'm', 'v') and\
                                """
                                        + " "
                                        + OURS
                                        + """
                                         and coalesce(obj_description(c.oid, 'pg_class'), '') !~ '^tenantless: .{10,}'
                                        and not (c.relrowsecurity and c.relforcerowsecurity
                                            and exists (select from pg_policy p where p.polrelid = c.oid)
                                            and exists (select from pg_attribute a where a.attrelid = c.oid
                                                and a.attname = 'tenant_id' and a.attnotnull)
                                            and exists (select from pg_index i join pg_attribute a
                                                on a.attrelid = c.oid and a.attnum = i.indkey[0]
                                                where i.indrelid = c.oid and i.indisprimary
                                                and a.attname = 'tenant_id'))
                                        """))
                .as("tables without tenant, wall or a reason")
                .isEmpty();
        assertThat(
                        list(
                                """
                                select c.oid::regclass::text from pg_class c
                                where c.relkind = 'r' and obj_description(c.oid, 'pg_class') ~ '^tenantless:'
                                order by 1
                                """))
                .as("tables without a tenant: may only shrink")
                .containsExactly(
                        "audit.outbox",
                        "audit.progress",
                        "identity.region",
                        "migration.history",
                        "node.fence",
                        "node.installation",
                        "tickets.epoch",
                        "tree.state");
    }

    @Test
    @Claim("DAT-1")
    void everyColumnHasItsClass() throws SQLException {
        assertThat(
                        list(
                                """
                                select c.oid::regclass || '.' || a.attname from pg_class c
                                join pg_namespace n on n.oid = c.relnamespace
                                join pg_attribute a on a.attrelid = c.oid
                                where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and\
                                """
                                        + " "
                                        + OURS
                                        + """
                                         and coalesce(col_description(c.oid, a.attnum), '')
                                            !~ '^(public|internal|sensitive|critical)(:|$)'
                                        """))
                .isEmpty();
    }

    /**
     * Before the first analysis the planner takes any index that fits, for a whole primary key too:
     * one that begins with the tenant would then be read for all of the tenant's rows.
     */
    @Test
    void noSecondIndexOverAllRowsBeginsWithTheTenant() throws SQLException {
        assertThat(
                        list(
                                """
                                select i.indexrelid::regclass::text from pg_index i
                                join pg_class c on c.oid = i.indrelid
                                join pg_namespace n on n.oid = c.relnamespace
                                join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                                where not i.indisprimary and i.indpred is null and a.attname = 'tenant_id' and\
                                """
                                        + " "
                                        + OURS))
                .isEmpty();
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void everyRoleMayCallItsFunctionsAndNoOther() throws SQLException {
        Map<String, List<String>> expected = new TreeMap<>();
        String common = "audit.append node.check_fence";
        expected.put(
                "mk_tree",
                words(
                        common
                                + " node.tenant mailbox.forget mailbox.hidden"
                                + " tree.put_leaf tree.tenants"));
        expected.put(
                "mk_mailbox",
                words(
                        common
                                + " node.tenant mailbox.tenants tree.drop_leaf"
                                + " tree.put_leaf tree.supersede"));
        expected.put("mk_dropbox", words("mailbox.deliver_group"));
        expected.put(
                "mk_identity",
                words(
                        common
                                + " node.tenant identity.domain_tenant identity.recipients"
                                + " identity.tenants tree.drop_leaf tree.put_leaf"));
        expected.put("mk_audit", words(common));
        expected.put("mk_tickets", words(common));
        expected.put(
                "mk_definer",
                words(
                        "node.require_tenant node.tenant audit.append"
                                + " node.check_fence tree.put_leaf tree.drop_leaf tree.supersede mailbox.forget"
                                + " tree.lock_holder"
                                + " mailbox.hidden"));
        expected.put(
                "mk_group", words("node.check_fence node.group_tenants mailbox.deliver_group"));
        expected.put("mk_finder", words("identity.recipients"));
        expected.put(
                "mk_lister",
                words("identity.domain_tenant identity.tenants mailbox.tenants" + " tree.tenants"));
        assertThat(
                        byRole(
                                """
                                select r.rolname, n.nspname || '.' || p.proname from pg_roles r, pg_proc p
                                join pg_namespace n on n.oid = p.pronamespace
                                where r.rolname ~ '^mk_' and not r.rolsuper and\
                                """
                                        + " "
                                        + OURS
                                        + " and has_function_privilege(r.oid, p.oid, 'execute')"))
                .isEqualTo(expected);
    }

    /** What a fresh PostgreSQL lets everybody do; see V13. Only harmless ones are left. */
    @Test
    @Claim({"ACC-3", "ATK-92"})
    void noRoleMayCallABuiltInThatActs() throws SQLException {
        Map<String, List<String>> allowed =
                byRole(
                        """
                        select r.rolname, p.proname from pg_roles r, pg_proc p
                        where r.rolname ~ '^mk_' and not r.rolsuper
                        and p.pronamespace = 'pg_catalog'::regnamespace
                        and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
                        and (p.provolatile = 'v'
                            or p.proname ~ '^(lo_|pg_ls_|pg_read_|pg_stat_get_|dblink)'
                            or p.proname ~ '_size$' or p.proname ~ '_to_xml')
                        and has_function_privilege(r.oid, p.oid, 'execute')
                        """);
        List<String> harmless =
                words(
                        "clock_timestamp currval gen_random_uuid lastval nextval"
                                + " pg_column_size pg_current_xact_id pg_xact_status random random_normal"
                                + " set_config timeofday txid_current uuidv4 uuidv7");
        List<String> definer = new ArrayList<>(harmless);
        definer.add("pg_advisory_xact_lock_shared");
        assertThat(allowed).hasSize(10);
        allowed.forEach((role, functions) ->
                assertThat(functions)
                        .as(role)
                        .isSubsetOf(role.equals("mk_definer") ? definer : harmless)
                        .doesNotContain("lo_create", "pg_advisory_lock"));
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void everyRoleMayReadAndWriteItsOwnSchema() throws SQLException {
        Map<String, List<String>> expected = new TreeMap<>();
        expected.put("mk_audit", words("audit.outbox:rud audit.progress:r"));
        expected.put("mk_tickets", words("tickets.epoch:cru"));
        expected.put(
                "mk_tree",
                words(
                        "tree.leaf:crud tree.node:crud tree.pair:crud"
                                + " tree.state:crud tree.succ:crud tree.tomb:crud"));
        expected.put(
                "mk_mailbox",
                words(
                        "mailbox.blob:crd mailbox.folder:crud mailbox.gone:crd"
                                + " mailbox.keyword:crud mailbox.mailbox:cru mailbox.message:crud"
                                + " mailbox.subscription:crd"));
        expected.put(
                "mk_identity",
                words(
                        "identity.account:crud identity.acl:crud"
                                + " identity.address:crud identity.domain:crud identity.region:cr"
                                + " identity.tenant:crud"));
        expected.put(
                "mk_definer",
                words(
                        "audit.outbox:c mailbox.blob:rud mailbox.message:rd"
                                + " node.fence:r tree.leaf:crd tree.node:ru tree.pair:ru tree.state:r"
                                + " tree.succ:cr tree.tomb:cr"));
        expected.put(
                "mk_group",
                words(
                        "audit.outbox:c mailbox.blob:cr mailbox.folder:ru"
                                + " mailbox.mailbox:ru mailbox.message:cr tree.leaf:c tree.node:r tree.pair:ru"
                                + " tree.succ:r tree.tomb:r"));
        expected.put(
                "mk_finder",
                words(
                        "identity.domain(name_hash):r identity.domain(tenant_id):r"
                                + " identity.address(tenant_id):r identity.address(address_hash):r"
                                + " identity.address(account_id):r identity.account(tenant_id):r"
                                + " identity.account(account_id):r identity.account(mailbox_id):r"
                                + " identity.account(disabled):r mailbox.mailbox(tenant_id):r"
                                + " mailbox.mailbox(mailbox_id):r"
                                + " mailbox.mailbox(standing_epoch):r"));
        expected.put(
                "mk_lister",
                words(
                        "identity.domain(name_hash):r identity.domain(tenant_id):r"
                                + " identity.tenant(tenant_id):r mailbox.mailbox(tenant_id):r"
                                + " tree.node(tenant_id):r"));
        Map<String, List<String>> found =
                byRole(
                        """
                        select r.rolname, c.oid::regclass || ':' || concat(
                            case when has_table_privilege(r.oid, c.oid, 'insert') then 'c' end,
                            case when has_table_privilege(r.oid, c.oid, 'select') then 'r' end,
                            case when has_table_privilege(r.oid, c.oid, 'update') then 'u' end,
                            case when has_table_privilege(r.oid, c.oid, 'delete') then 'd' end)
                        from pg_roles r, pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where r.rolname ~ '^mk_' and not r.rolsuper and c.relkind in ('r', 'v', 'm', 'f')
                        and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate, references, trigger')
                        and\
                        """
                                + " "
                                + OURS
                                + """
                                 union all
                                select r.rolname, c.oid::regclass || '(' || a.attname || '):r'
                                from pg_roles r, pg_class c join pg_namespace n on n.oid = c.relnamespace
                                join pg_attribute a on a.attrelid = c.oid
                                where r.rolname ~ '^mk_' and not r.rolsuper and c.relkind = 'r' and a.attnum > 0
                                and has_column_privilege(r.oid, c.oid, a.attnum, 'select, insert, update, references')
                                and not has_table_privilege(r.oid, c.oid, 'select, insert, update, references') and\
                                """
                                + " "
                                + OURS);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    @Claim({"ACC-3", "ATK-92"})
    void noRoleIsStrong() throws SQLException {
        assertThat(
                        list(
                                """
                                select rolname from pg_roles r where rolname ~ '^mk_' and rolname <> 'mk_owner'
                                and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
                                    or rolinherit or exists (select from pg_auth_members m
                                        where r.oid in (m.member, m.roleid)))
                                """))
                .isEmpty();
        assertThat(
                        list(
                                """
                                select r.rolname from pg_roles r where rolname ~ '^mk_' and not rolsuper and (
                                    has_database_privilege(r.oid, current_database(), 'create, temporary')
                                    or exists (select from pg_namespace n
                                        where has_schema_privilege(r.oid, n.oid, 'create'))
                                    or exists (select from pg_language l
                                        where l.lanpltrusted and has_language_privilege(r.oid, l.oid, 'usage')))
                                """))
                .isEmpty();
        assertThat(list("select rolname from pg_roles where rolname ~ '^mk_' and not rolcanlogin"))
                .containsExactlyInAnyOrder("mk_definer", "mk_finder", "mk_group", "mk_lister");
    }

    @Test
    @Claim("ATK-92")
    void everyFunctionWithItsOwnersRightsFixesItsSearchPath() throws SQLException {
        assertThat(
                        list(
                                """
                                select p.oid::regprocedure::text from pg_proc p
                                join pg_namespace n on n.oid = p.pronamespace
                                where p.prosecdef and (p.proconfig is null
                                    or not p.proconfig @> array['search_path=pg_catalog, pg_temp'])
                                """))
                .isEmpty();
        assertThat(
                        list(
                                "select distinct pg_get_userbyid(proowner)::text from pg_proc where"
                                        + " prosecdef order by 1"))
                .containsExactly("mk_definer", "mk_finder", "mk_group", "mk_lister");
    }

    private static List<String> words(String text) {
        return new ArrayList<>(new TreeSet<>(List.of(text.split(" "))));
    }

    private static List<String> list(String sql) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }

    private static Map<String, List<String>> byRole(String sql) throws SQLException {
        Map<String, TreeSet<String>> all = new TreeMap<>();
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.computeIfAbsent(rows.getString(1), role -> new TreeSet<>())
                        .add(rows.getString(2));
            }
        }
        Map<String, List<String>> lists = new TreeMap<>();
        all.forEach((role, names) -> lists.put(role, new ArrayList<>(names)));
        return lists;
    }
}
