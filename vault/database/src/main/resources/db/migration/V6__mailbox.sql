create schema mailbox;
grant usage on schema mailbox to mk_mailbox, mk_dropbox;

create table mailbox.mailbox (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    mod_seq bigint not null default 1,
    uid_validity bigint not null,
    standing_epoch bigint not null default 1,
    created_at timestamptz not null,
    primary key (tenant_id, mailbox_id)
) with (fillfactor = 50);
comment on column mailbox.mailbox.tenant_id is 'internal';
comment on column mailbox.mailbox.mailbox_id is 'internal';
comment on column mailbox.mailbox.mod_seq is 'internal';
comment on column mailbox.mailbox.uid_validity is 'internal: the last UIDVALIDITY given to a folder';
comment on column mailbox.mailbox.standing_epoch is 'internal: the standing delivery ticket; negative when withdrawn, its amount never falls';
comment on column mailbox.mailbox.created_at is 'internal';

-- special_use: 0 none, 1 inbox, 2 archive, 3 drafts, 4 flagged, 5 junk, 6 sent, 7 trash, 8 all
create table mailbox.folder (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    folder_id uuid not null,
    leaf_id uuid not null,
    name bytea not null,
    special_use smallint not null default 0,
    subscribed boolean not null default true,
    uid_validity bigint not null,
    uid_next bigint not null default 1,
    mod_seq bigint not null default 1,
    primary key (tenant_id, mailbox_id, folder_id),
    foreign key (tenant_id, mailbox_id) references mailbox.mailbox
) with (fillfactor = 50);
comment on column mailbox.folder.tenant_id is 'internal';
comment on column mailbox.folder.mailbox_id is 'internal';
comment on column mailbox.folder.folder_id is 'internal';
comment on column mailbox.folder.leaf_id is 'internal';
comment on column mailbox.folder.name is 'sensitive: ciphertext under leaf_id';
comment on column mailbox.folder.special_use is 'internal';
comment on column mailbox.folder.subscribed is 'internal';
comment on column mailbox.folder.uid_validity is 'internal';
comment on column mailbox.folder.uid_next is 'internal';
comment on column mailbox.folder.mod_seq is 'internal';
create unique index folder_inbox on mailbox.folder (tenant_id, mailbox_id) where special_use = 1;

-- Names that are subscribed to though no folder has them any more (RFC 9051 6.3.7).
create table mailbox.subscription (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    leaf_id uuid not null,
    name bytea not null,
    primary key (tenant_id, mailbox_id, leaf_id),
    foreign key (tenant_id, mailbox_id) references mailbox.mailbox
);
comment on column mailbox.subscription.tenant_id is 'internal';
comment on column mailbox.subscription.mailbox_id is 'internal';
comment on column mailbox.subscription.leaf_id is 'internal';
comment on column mailbox.subscription.name is 'sensitive: ciphertext under leaf_id';

create table mailbox.keyword (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    bit smallint not null check (bit between 0 and 62),
    leaf_id uuid not null,
    name bytea not null,
    primary key (tenant_id, mailbox_id, bit),
    foreign key (tenant_id, mailbox_id) references mailbox.mailbox
);
comment on column mailbox.keyword.tenant_id is 'internal';
comment on column mailbox.keyword.mailbox_id is 'internal';
comment on column mailbox.keyword.bit is 'internal';
comment on column mailbox.keyword.leaf_id is 'internal';
comment on column mailbox.keyword.name is 'sensitive: ciphertext under leaf_id';

create table mailbox.blob (
    tenant_id uuid not null,
    blob_id uuid not null,
    data_class smallint not null,
    segment_id uuid not null,
    position bigint not null,
    stored bigint not null,
    size bigint not null,
    primary key (tenant_id, blob_id)
);
comment on column mailbox.blob.tenant_id is 'internal';
comment on column mailbox.blob.blob_id is 'internal';
comment on column mailbox.blob.data_class is 'internal';
comment on column mailbox.blob.segment_id is 'internal';
comment on column mailbox.blob.position is 'internal';
comment on column mailbox.blob.stored is 'internal';
comment on column mailbox.blob.size is 'internal';
create index blob_segment on mailbox.blob (segment_id, position);

-- flags: 1 answered, 2 flagged, 4 deleted, 8 seen, 16 draft
create table mailbox.message (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    copy_id uuid not null,
    folder_id uuid not null,
    uid bigint not null,
    mod_seq bigint not null,
    flags smallint not null,
    keywords bigint not null,
    received_at timestamptz not null,
    saved_at timestamptz not null,
    size bigint not null,
    blob_id uuid not null,
    data_class smallint not null,
    meta bytea not null,
    hidden_at timestamptz,
    primary key (tenant_id, mailbox_id, copy_id),
    -- To its mailbox no key refers: whoever gives a UID holds that row, and no role may delete one.
    foreign key (tenant_id, blob_id) references mailbox.blob
) with (fillfactor = 80);
comment on column mailbox.message.tenant_id is 'internal';
comment on column mailbox.message.mailbox_id is 'internal';
comment on column mailbox.message.copy_id is 'internal: delivery id and leaf id';
comment on column mailbox.message.folder_id is 'internal';
comment on column mailbox.message.uid is 'internal';
comment on column mailbox.message.mod_seq is 'internal';
comment on column mailbox.message.flags is 'internal';
comment on column mailbox.message.keywords is 'internal: bits of mailbox.keyword';
comment on column mailbox.message.received_at is 'internal';
comment on column mailbox.message.saved_at is 'internal';
comment on column mailbox.message.size is 'internal: of the message as read, trace headers included';
comment on column mailbox.message.blob_id is 'internal';
comment on column mailbox.message.data_class is 'internal';
comment on column mailbox.message.meta is 'sensitive: envelope, structure, preview, trace; ciphertext under the copy''s key';
comment on column mailbox.message.hidden_at is 'internal: expunged; destroyed after the retention';
-- Apart from the primary key no index begins with the tenant: before the first analysis the planner takes any that
-- fits, for a whole key too, and would then read all rows of the tenant.
create unique index message_uid on mailbox.message (folder_id, uid) where hidden_at is null;
create index message_mod_seq on mailbox.message (folder_id, mod_seq);
create index message_blob on mailbox.message (blob_id);
create index message_hidden on mailbox.message (tenant_id, hidden_at) where hidden_at is not null;

-- UIDs that were given and are gone: what QRESYNC tells, and the proof that none returns.
create table mailbox.gone (
    tenant_id uuid not null,
    mailbox_id uuid not null,
    folder_id uuid not null,
    uid bigint not null,
    mod_seq bigint not null,
    primary key (tenant_id, mailbox_id, folder_id, uid)
);
comment on column mailbox.gone.tenant_id is 'internal';
comment on column mailbox.gone.mailbox_id is 'internal';
comment on column mailbox.gone.folder_id is 'internal';
comment on column mailbox.gone.uid is 'internal';
comment on column mailbox.gone.mod_seq is 'internal';
create index gone_mod_seq on mailbox.gone (folder_id, mod_seq);
