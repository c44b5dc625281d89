-- One role a room; each sees its own schema. Passwords are set at every start and live in memory only.
-- Row-level security catches our own bugs; whoever owns a role may do what that role may (see ARCHITECTURE.md).
create role mk_definer nologin;
create role mk_tree login;
create role mk_mailbox login;
create role mk_dropbox login;
create role mk_identity login;
create role mk_audit login;
create role mk_tickets login;

-- The tenant of the running transaction; no row is visible while it is unset.
create schema node;
grant usage on schema node to public;
create function node.tenant() returns uuid language sql stable
as $$ select nullif(current_setting('mk.tenant', true), '')::uuid $$;

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
