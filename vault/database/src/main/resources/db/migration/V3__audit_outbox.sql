create schema audit;
grant usage on schema audit to mk_audit;
-- A row holds the entries of one transaction; the sequencer publishes and deletes it.
create table audit.outbox (
    row_id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    ids uuid[] not null,
    entries bytea[] not null,
    check (cardinality(ids) = cardinality(entries) and cardinality(ids) > 0)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on table audit.outbox is 'tenantless: a delivery group tells of all its tenants in one row; personal fields are ciphertext';
comment on column audit.outbox.row_id is 'internal';
comment on column audit.outbox.at is 'internal';
comment on column audit.outbox.ids is 'internal';
comment on column audit.outbox.entries is 'internal';
create index outbox_at on audit.outbox (at);
-- Update: a row that was published in part keeps the rest.
grant select, update, delete on audit.outbox to mk_audit;
-- How many entries were ever published out of this outbox. With what waits here that is never less than the log holds,
-- unless this database went back to an earlier state.
create table audit.progress (
    one_row boolean primary key default true check (one_row),
    published bigint not null check (published >= 0)
);
comment on table audit.progress is 'tenantless: one row for the installation';
comment on column audit.progress.one_row is 'internal';
comment on column audit.progress.published is 'internal';
insert into audit.progress (published) values (0);
grant select, update (published) on audit.progress to mk_audit;
