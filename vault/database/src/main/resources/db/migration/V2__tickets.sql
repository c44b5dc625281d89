create schema tickets;
grant usage on schema tickets to mk_tickets;
create sequence tickets.change;
create table tickets.epoch (
    subject uuid primary key,
    epoch bigint not null,
    number bigint not null default nextval('tickets.change')
);
comment on table tickets.epoch is 'tenantless: a subject is an account or module of any tenant; holds no data of one';
comment on column tickets.epoch.subject is 'internal';
comment on column tickets.epoch.epoch is 'internal';
comment on column tickets.epoch.number is 'internal';
create index epoch_number on tickets.epoch (number);
grant select, insert, update on tickets.epoch to mk_tickets;
grant usage on sequence tickets.change to mk_tickets;
