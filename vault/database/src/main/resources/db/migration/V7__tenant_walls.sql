-- Every table with tenants: row-level security, forced, so that not even its owner steps around it unseen.
-- FORCE makes the owner's UPDATE in a later migration touch 0 rows in silence (unless a superuser runs it): such a
-- migration compares the count and raises.
do $$
declare
    one record;
begin
    for one in
        select c.oid::regclass as name from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname in ('tree', 'identity', 'mailbox')
    loop
        execute format('alter table %s enable row level security, force row level security', one.name);
        -- One tenant a transaction; unset: none.
        execute format(
            'create policy one_tenant on %s to mk_definer, mk_tree, mk_mailbox, mk_identity
             using (tenant_id = node.tenant()) with check (tenant_id = node.tenant())', one.name);
    end loop;
end $$;

-- The tenants of a delivery group: set inside mailbox.deliver_group, whatever the caller set before.
create function node.group_tenants() returns uuid[] language sql stable
as $$ select pg_catalog.string_to_array(
    nullif(pg_catalog.current_setting('mk.group', true), ''), ',')::pg_catalog.uuid[] $$;

do $$
declare
    one text;
begin
    foreach one in array array['mailbox.mailbox', 'mailbox.folder', 'mailbox.blob', 'mailbox.message', 'tree.node',
        'tree.pair', 'tree.leaf', 'tree.tomb', 'tree.succ']
    loop
        execute format(
            'create policy group_tenants on %s to mk_group
             using (tenant_id = any ((select node.group_tenants())::uuid[]))
             with check (tenant_id = any ((select node.group_tenants())::uuid[]))', one);
    end loop;
    -- Whoever lists tenants sees that they exist, in columns granted one by one.
    foreach one in array array['tree.node', 'identity.tenant', 'identity.domain', 'mailbox.mailbox'] loop
        execute format('create policy every_tenant on %s for select to mk_lister using (true)', one);
    end loop;
end $$;

grant select, insert, update, delete on tree.state, tree.node, tree.pair, tree.leaf, tree.tomb, tree.succ to mk_tree;

grant select, insert, update on mailbox.mailbox to mk_mailbox;
grant select, insert, update, delete on mailbox.folder, mailbox.keyword, mailbox.message to mk_mailbox;
grant select, insert, delete on mailbox.blob, mailbox.gone, mailbox.subscription to mk_mailbox;

grant select, insert on identity.region to mk_identity;
grant select, insert, update, delete on identity.tenant, identity.domain, identity.account, identity.address,
    identity.acl to mk_identity;

-- What the functions' owners need, and no more.
grant usage on schema tree, mailbox, audit to mk_definer, mk_group;
grant select, insert, delete on tree.leaf to mk_definer;
grant select, update on tree.node, tree.pair to mk_definer;
grant select, insert on tree.tomb, tree.succ to mk_definer;
grant select on tree.state, node.fence to mk_definer;
grant select, delete on mailbox.message to mk_definer;
grant select, update, delete on mailbox.blob to mk_definer;
grant insert on audit.outbox to mk_definer, mk_group;

grant select, update on mailbox.mailbox, mailbox.folder to mk_group;
grant select, insert on mailbox.blob, mailbox.message to mk_group;
grant select on tree.node, tree.tomb, tree.succ to mk_group;
-- FOR SHARE asks for the right to update.
grant select, update on tree.pair to mk_group;
grant insert on tree.leaf to mk_group;

grant usage on schema tree, identity, mailbox to mk_lister;
grant select (tenant_id) on tree.node, identity.tenant, mailbox.mailbox to mk_lister;
grant select (tenant_id, name_hash) on identity.domain to mk_lister;
