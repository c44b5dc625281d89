create schema tree;
grant usage on schema tree to mk_tree;

create table tree.state (
    one boolean primary key default true check (one),
    epoch bigint not null,
    other bigint not null
);
comment on table tree.state is 'tenantless: the epoch of the whole tree';
comment on column tree.state.one is 'internal';
comment on column tree.state.epoch is 'internal';
comment on column tree.state.other is 'internal';

-- kind: 1 tenant, 2 class, 3 mailbox+class, 4 bucket, 5 routing
create table tree.node (
    tenant_id uuid not null,
    node_id uuid not null,
    parent_id uuid,
    kind smallint not null,
    data_class smallint,
    mailbox_id uuid,
    key_id uuid not null,
    wrap bytea not null,
    dirty boolean not null default false,
    frozen boolean not null default false,
    open_token uuid,
    primary key (tenant_id, node_id)
) with (fillfactor = 70);
comment on column tree.node.tenant_id is 'internal';
comment on column tree.node.node_id is 'internal';
comment on column tree.node.parent_id is 'internal';
comment on column tree.node.kind is 'internal';
comment on column tree.node.data_class is 'internal';
comment on column tree.node.mailbox_id is 'internal';
comment on column tree.node.key_id is 'internal';
comment on column tree.node.wrap is 'critical: ciphertext under the parent';
comment on column tree.node.dirty is 'internal';
comment on column tree.node.frozen is 'internal';
comment on column tree.node.open_token is 'internal';
create index node_parent on tree.node (parent_id);
create unique index node_tenant on tree.node (tenant_id) where kind = 1;
create unique index node_class on tree.node (tenant_id, data_class) where kind = 2;
create unique index node_mailbox on tree.node (tenant_id, mailbox_id, data_class, kind) where kind in (3, 5);

create table tree.pair (
    tenant_id uuid not null,
    node_id uuid not null,
    pair_id uuid not null,
    suite smallint not null,
    public_key bytea not null,
    wrap bytea not null,
    primary key (tenant_id, node_id),
    foreign key (tenant_id, node_id) references tree.node on delete cascade
);
comment on column tree.pair.tenant_id is 'internal';
comment on column tree.pair.node_id is 'internal';
comment on column tree.pair.pair_id is 'internal';
comment on column tree.pair.suite is 'internal';
comment on column tree.pair.public_key is 'internal';
comment on column tree.pair.wrap is 'critical: ciphertext under the mailbox+class node';

create table tree.leaf (
    tenant_id uuid not null,
    leaf_id uuid not null,
    kind smallint not null,
    holder uuid not null,
    holder_key_id uuid not null,
    wrap bytea not null,
    primary key (tenant_id, leaf_id)
);
comment on column tree.leaf.tenant_id is 'internal';
comment on column tree.leaf.leaf_id is 'internal';
comment on column tree.leaf.kind is 'internal';
comment on column tree.leaf.holder is 'internal';
comment on column tree.leaf.holder_key_id is 'internal';
comment on column tree.leaf.wrap is 'critical: ciphertext under the holder';
create index leaf_holder on tree.leaf (holder, kind);
-- Tails are looked for every few seconds: that must not grow with what is settled.
create index leaf_tail on tree.leaf (tenant_id, holder) where kind = 1;

-- state: 1 taken out, waits for an epoch change; 2 its path re-keyed by the change to this epoch; 3 destroyed
create table tree.tomb (
    tenant_id uuid not null,
    leaf_id uuid not null,
    state smallint not null,
    epoch bigint not null,
    primary key (tenant_id, leaf_id)
);
comment on column tree.tomb.tenant_id is 'internal';
comment on column tree.tomb.leaf_id is 'internal';
comment on column tree.tomb.state is 'internal';
comment on column tree.tomb.epoch is 'internal';

create table tree.succ (
    tenant_id uuid not null,
    old_id uuid not null,
    new_id uuid not null,
    primary key (tenant_id, old_id)
);
comment on column tree.succ.tenant_id is 'internal';
comment on column tree.succ.old_id is 'internal';
comment on column tree.succ.new_id is 'internal';
