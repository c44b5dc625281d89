-- Copies whose keys were just destroyed: their rows go in the same transaction, and bodies that nobody refers to.
create function mailbox.forget(tenant uuid, mailbox uuid, copies uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    bodies uuid[];
begin
    perform node.require_tenant(tenant);
    with gone as (
        delete from mailbox.message m
        where m.tenant_id = tenant and m.mailbox_id = mailbox and m.copy_id = any (copies)
        returning m.blob_id)
    select array_agg(distinct blob_id) into bodies from gone;
    if bodies is null then
        return;
    end if;
    -- Locked first, looked at after: a copy of the same body that is being made is either seen or waits and fails.
    perform from mailbox.blob b
    where b.tenant_id = tenant and b.blob_id = any (bodies) order by b.blob_id for update;
    delete from mailbox.blob b
    where b.tenant_id = tenant and b.blob_id = any (bodies)
    and not exists (select from mailbox.message m where m.tenant_id = tenant and m.blob_id = b.blob_id);
end $$;

create function mailbox.hidden(tenant uuid, before timestamptz)
returns table (mailbox_id uuid, data_class smallint, copy_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform node.require_tenant(tenant);
    return query select m.mailbox_id, m.data_class, m.copy_id from mailbox.message m
    where m.tenant_id = tenant and m.hidden_at < before order by m.mailbox_id, m.data_class, m.copy_id;
end $$;

create function mailbox.tenants() returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select distinct tenant_id from mailbox.mailbox $$;
