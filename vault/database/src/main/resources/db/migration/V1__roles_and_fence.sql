-- One role a room; each sees its own schema. Passwords are set at every start and live in memory only.
-- Row-level security catches our own bugs; whoever owns a role may do what that role may (see ARCHITECTURE.md).
-- Roles belong to the whole cluster: they may be there from another database of it.
do $$
declare
    one text;
begin
    -- Own the functions: mk_definer for one tenant, mk_group for a delivery group's tenants, mk_lister for lists.
    foreach one in array array['mk_definer', 'mk_group', 'mk_lister'] loop
        if not exists (select from pg_roles where rolname = one) then
            execute format('create role %I nologin noinherit', one);
        end if;
    end loop;
    foreach one in array array['mk_tree', 'mk_mailbox', 'mk_dropbox', 'mk_identity', 'mk_audit', 'mk_tickets'] loop
        if not exists (select from pg_roles where rolname = one) then
            execute format('create role %I login noinherit', one);
        end if;
    end loop;
end $$;

-- The tenant of the running transaction; no row is visible while it is unset.
create schema node;
grant usage on schema node to mk_definer, mk_group, mk_lister, mk_tree, mk_mailbox, mk_identity, mk_audit, mk_tickets;
create function node.tenant() returns uuid language sql stable
as $$ select nullif(pg_catalog.current_setting('mk.tenant', true), '')::pg_catalog.uuid $$;

create table node.installation (
    one boolean primary key default true check (one),
    installation_id uuid not null,
    format integer not null
);
comment on table node.installation is 'tenantless: names this database''s installation';
comment on column node.installation.one is 'internal';
comment on column node.installation.installation_id is 'internal';
comment on column node.installation.format is 'internal';

-- The writer fence: a start raises it before it sweeps orphans; every commit checks it (DESIGN.md 3).
create table node.fence (
    one boolean primary key default true check (one),
    epoch bigint not null
);
comment on table node.fence is 'tenantless: one number for the whole database';
comment on column node.fence.one is 'internal';
comment on column node.fence.epoch is 'internal';
insert into node.fence (epoch) values (0);
