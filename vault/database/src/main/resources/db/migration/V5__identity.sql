create schema identity;
grant usage on schema identity to mk_identity;

create table identity.region (
    region_id text primary key
);
comment on table identity.region is 'tenantless: the regions of the installation';
comment on column identity.region.region_id is 'internal';

create table identity.tenant (
    tenant_id uuid primary key,
    region_id text not null references identity.region,
    name_hash bytea not null unique,
    name_leaf uuid not null,
    name bytea not null,
    created_at timestamptz not null
);
comment on column identity.tenant.tenant_id is 'internal';
comment on column identity.tenant.region_id is 'internal';
comment on column identity.tenant.name_hash is 'sensitive: keyed hash of the folded name';
comment on column identity.tenant.name_leaf is 'internal';
comment on column identity.tenant.name is 'sensitive: ciphertext under name_leaf';
comment on column identity.tenant.created_at is 'internal';

create table identity.domain (
    tenant_id uuid not null references identity.tenant,
    domain_id uuid not null,
    name_hash bytea not null unique,
    name_leaf uuid not null,
    name bytea not null,
    created_at timestamptz not null,
    primary key (tenant_id, domain_id)
);
comment on column identity.domain.tenant_id is 'internal';
comment on column identity.domain.domain_id is 'internal';
comment on column identity.domain.name_hash is 'sensitive: keyed hash';
comment on column identity.domain.name_leaf is 'internal';
comment on column identity.domain.name is 'sensitive: ciphertext under name_leaf';
comment on column identity.domain.created_at is 'internal';

create table identity.account (
    tenant_id uuid not null references identity.tenant,
    account_id uuid not null,
    mailbox_id uuid not null,
    profile_leaf uuid not null,
    profile bytea not null,
    verifier bytea,
    disabled boolean not null default false,
    created_at timestamptz not null,
    primary key (tenant_id, account_id)
);
comment on column identity.account.tenant_id is 'internal';
comment on column identity.account.account_id is 'internal';
comment on column identity.account.mailbox_id is 'internal';
comment on column identity.account.profile_leaf is 'internal';
comment on column identity.account.profile is 'sensitive: ciphertext under profile_leaf';
comment on column identity.account.verifier is 'critical: ciphertext under profile_leaf';
comment on column identity.account.disabled is 'internal';
comment on column identity.account.created_at is 'internal';

create table identity.address (
    tenant_id uuid not null,
    address_hash bytea not null,
    account_id uuid not null,
    leaf_id uuid not null,
    address bytea not null,
    alias boolean not null,
    primary key (tenant_id, address_hash),
    foreign key (tenant_id, account_id) references identity.account
);
comment on column identity.address.tenant_id is 'internal';
comment on column identity.address.address_hash is 'sensitive: keyed hash';
comment on column identity.address.account_id is 'internal';
comment on column identity.address.leaf_id is 'internal';
comment on column identity.address.address is 'sensitive: ciphertext under leaf_id';
comment on column identity.address.alias is 'internal';
create index address_account on identity.address (account_id);

-- Rights in somebody else's mailbox (RFC 4314), the row a delegate ticket rests on.
create table identity.acl (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    account_id uuid not null,
    rights text not null,
    primary key (tenant_id, mailbox_id, account_id),
    foreign key (tenant_id, account_id) references identity.account
);
comment on column identity.acl.tenant_id is 'internal';
comment on column identity.acl.mailbox_id is 'internal';
comment on column identity.acl.account_id is 'internal';
comment on column identity.acl.rights is 'internal';
