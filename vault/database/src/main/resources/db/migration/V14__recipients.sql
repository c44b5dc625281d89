-- Whom mail is for, asked for many addresses at once before any tenant is known: who owns the function sees addresses
-- of every tenant, in columns granted one by one, and can open none of them.
do $$
declare
    one text;
begin
    if not exists (select from pg_roles where rolname = 'mk_finder') then
        create role mk_finder nologin noinherit;
    end if;
    foreach one in array array['identity.domain', 'identity.address', 'identity.account', 'mailbox.mailbox'] loop
        execute format('create policy found_by_hash on %s for select to mk_finder using (true)', one);
    end loop;
end $$;
grant usage on schema identity, mailbox to mk_finder;
grant select (tenant_id, name_hash) on identity.domain to mk_finder;
grant select (tenant_id, address_hash, account_id) on identity.address to mk_finder;
grant select (tenant_id, account_id, mailbox_id, disabled) on identity.account to mk_finder;
grant select (tenant_id, mailbox_id, standing_epoch) on mailbox.mailbox to mk_finder;

-- An address is hashed with its tenant. So whoever asks says which tenant he takes the domain to be of, and is
-- answered whose it is; only where both agree the address is looked at. Plans don't depend on the moment at which
-- they were made, such as the first, when all tables are empty.
create function identity.recipients(domains bytea[], guesses uuid[], addresses bytea[])
returns table (ordinal int, tenant uuid, account uuid, mailbox uuid, standing bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select q.i::int, d.tenant_id, a.account_id, a.mailbox_id, m.standing_epoch
    from unnest(domains, guesses, addresses) with ordinality as q (domain, guess, address, i)
    left join identity.domain d on d.name_hash = q.domain
    left join identity.address x on x.tenant_id = d.tenant_id and x.tenant_id = q.guess and x.address_hash = q.address
    left join identity.account a on a.tenant_id = x.tenant_id and a.account_id = x.account_id and not a.disabled
    left join mailbox.mailbox m on m.tenant_id = a.tenant_id and m.mailbox_id = a.mailbox_id;
end $$;
grant create on schema identity to mk_finder;
alter function identity.recipients(bytea[], uuid[], bytea[]) owner to mk_finder;
revoke create on schema identity from mk_finder;
revoke execute on function identity.recipients(bytea[], uuid[], bytea[]) from public;
grant execute on function identity.recipients(bytea[], uuid[], bytea[]) to mk_identity;
