-- The functions' owners. (A role that is to own something needs CREATE on the schema for that moment.)
do $$
declare
    one record;
begin
    for one in
        select * from (values
            ('node.check_fence(bigint)', 'node', 'mk_definer'),
            ('audit.append(uuid[], bytea[])', 'audit', 'mk_definer'),
            ('tree.put_leaf(uuid, uuid, smallint, uuid, uuid, bytea)', 'tree', 'mk_definer'),
            ('tree.lock_holder(uuid, uuid)', 'tree', 'mk_definer'),
            ('tree.drop_leaf(uuid, uuid)', 'tree', 'mk_definer'),
            ('tree.supersede(uuid, uuid, uuid)', 'tree', 'mk_definer'),
            ('mailbox.forget(uuid, uuid, uuid[])', 'mailbox', 'mk_definer'),
            ('mailbox.hidden(uuid, timestamptz)', 'mailbox', 'mk_definer'),
            ('tree.tenants()', 'tree', 'mk_lister'),
            ('identity.tenants()', 'identity', 'mk_lister'),
            ('identity.domain_tenant(bytea)', 'identity', 'mk_lister'),
            ('mailbox.tenants()', 'mailbox', 'mk_lister')) as v (name, schema, owner)
        union all
        select oid::regprocedure::text, 'mailbox', 'mk_group' from pg_proc
        where proname = 'deliver_group' and pronamespace = 'mailbox'::regnamespace
    loop
        execute format('grant create on schema %I to %I', one.schema, one.owner);
        execute format('alter function %s owner to %I', one.name, one.owner);
        execute format('revoke create on schema %I from %I', one.schema, one.owner);
    end loop;
end $$;

revoke execute on all functions in schema node, audit, tree, identity, mailbox from public;

grant execute on function node.tenant() to mk_definer, mk_tree, mk_mailbox, mk_identity;
grant execute on function node.group_tenants() to mk_group;
grant execute on function node.require_tenant(uuid) to mk_definer;
grant execute on function node.check_fence(bigint)
    to mk_group, mk_tree, mk_mailbox, mk_identity, mk_audit, mk_tickets;

-- mk_dropbox tells of its deliveries inside its one function.
grant usage on schema audit to mk_tree, mk_mailbox, mk_identity, mk_tickets;
grant execute on function audit.append(uuid[], bytea[]) to mk_tree, mk_mailbox, mk_identity, mk_audit, mk_tickets;

grant usage on schema tree to mk_mailbox, mk_identity;
grant execute on function tree.put_leaf(uuid, uuid, smallint, uuid, uuid, bytea) to mk_tree, mk_mailbox, mk_identity;
grant execute on function tree.drop_leaf(uuid, uuid) to mk_mailbox, mk_identity;
grant execute on function tree.supersede(uuid, uuid, uuid) to mk_mailbox;
grant execute on function tree.tenants() to mk_tree;
grant execute on function identity.tenants() to mk_identity;
grant execute on function identity.domain_tenant(bytea) to mk_identity;
grant usage on schema mailbox to mk_tree;
grant execute on function mailbox.forget(uuid, uuid, uuid[]) to mk_tree;
grant execute on function mailbox.hidden(uuid, timestamptz) to mk_tree;
grant execute on function mailbox.tenants() to mk_mailbox;
do $$
begin
    execute (select format('grant execute on function %s to mk_dropbox', oid::regprocedure) from pg_proc
        where proname = 'deliver_group' and pronamespace = 'mailbox'::regnamespace);
end $$;
