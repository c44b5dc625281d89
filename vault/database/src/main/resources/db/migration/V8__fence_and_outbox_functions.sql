-- Every writing transaction holds the lock shared from its first statement to its end; a start takes it alone to
-- raise the number, so it waits for those under way, and those that come later are refused.
create function node.check_fence(held bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(30798859994030949);
    if not exists (select from node.fence f where f.epoch = held) then
        raise exception 'the writer fence was raised' using errcode = 'MK002';
    end if;
end $$;

-- A room acts for the transaction's tenant only, also through a function that runs with other rights.
create function node.require_tenant(tenant uuid) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    if tenant is null or tenant is distinct from node.tenant() then
        raise exception 'not the tenant of this transaction' using errcode = '42501';
    end if;
end $$;

create function audit.append(ids uuid[], entries bytea[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$ insert into audit.outbox (row_id, ids, entries) values (gen_random_uuid(), $1, $2) $$;
