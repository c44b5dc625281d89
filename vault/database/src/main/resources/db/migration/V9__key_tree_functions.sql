-- A new leaf, in the transaction of the row that names it. The holder can't be re-keyed until that transaction
-- ends; a tail's holder key is the mailbox's pair, any other's the node's own key.
create function tree.put_leaf(tenant uuid, leaf uuid, kind smallint, holder uuid, holder_key uuid, wrap bytea)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    current_key uuid;
begin
    perform node.require_tenant(tenant);
    if kind = 1 then
        select p.pair_id into current_key from tree.pair p
        where p.tenant_id = tenant and p.node_id = holder for share;
    else
        select n.key_id into current_key from tree.node n
        where n.tenant_id = tenant and n.node_id = holder for share;
    end if;
    if current_key is distinct from holder_key then
        raise exception 'the holder was re-keyed' using errcode = 'MK001';
    end if;
    insert into tree.leaf (tenant_id, leaf_id, kind, holder, holder_key_id, wrap)
    values (tenant, leaf, kind, holder, holder_key, wrap);
end $$;

-- Locks what holds a leaf in re-keying's order, a bucket's mailbox before the bucket, and only then does anybody
-- touch the leaf: the other way round the two wait for each other. A leaf that moved under another holder meanwhile
-- is looked for again; once its mailbox is locked it moves no more. Answers the holder; null if there is no leaf.
create function tree.lock_holder(tenant uuid, leaf uuid) returns uuid
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    held_by uuid;
    still uuid;
begin
    select l.holder into held_by from tree.leaf l where l.tenant_id = tenant and l.leaf_id = leaf;
    while held_by is not null loop
        perform from tree.node n
        where n.tenant_id = tenant and n.node_id = (
            select b.parent_id from tree.node b where b.tenant_id = tenant and b.node_id = held_by and b.kind = 4)
        for no key update;
        perform from tree.node n where n.tenant_id = tenant and n.node_id = held_by for no key update;
        select l.holder into still from tree.leaf l where l.tenant_id = tenant and l.leaf_id = leaf;
        exit when still is not distinct from held_by;
        held_by := still;
    end loop;
    return held_by;
end $$;

-- What the leaf encrypted is going away: no new key may hold it, and its holder is re-keyed by the next epoch change.
create function tree.drop_leaf(tenant uuid, leaf uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    held_by uuid;
begin
    perform node.require_tenant(tenant);
    held_by := tree.lock_holder(tenant, leaf);
    delete from tree.leaf l where l.tenant_id = tenant and l.leaf_id = leaf;
    if not found then
        return;
    end if;
    update tree.node n set dirty = true where n.tenant_id = tenant and n.node_id = held_by and not n.dirty;
    insert into tree.tomb (tenant_id, leaf_id, state, epoch)
    values (tenant, leaf, 1, coalesce((select s.epoch from tree.state s), 0))
    on conflict do nothing;
end $$;

-- A copy was encrypted anew as another (keytree: move): the old one's leaf goes, its id leads to the new one.
create function tree.supersede(tenant uuid, before uuid, after uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    held_by uuid;
begin
    perform node.require_tenant(tenant);
    held_by := tree.lock_holder(tenant, before);
    delete from tree.leaf l where l.tenant_id = tenant and l.leaf_id = before;
    if not found then
        raise exception 'no such leaf to supersede' using errcode = 'MK003';
    end if;
    update tree.node n set dirty = true
    where n.tenant_id = tenant and not n.dirty and (n.node_id = held_by or n.node_id = (
        select b.parent_id from tree.node b where b.tenant_id = tenant and b.node_id = held_by and b.kind = 4));
    insert into tree.succ (tenant_id, old_id, new_id) values (tenant, before, after);
end $$;

create function tree.tenants() returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select distinct tenant_id from tree.node $$;

create function identity.tenants() returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select tenant_id from identity.tenant order by tenant_id $$;

create function identity.domain_tenant(name_hash bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select d.tenant_id from identity.domain d where d.name_hash = $1 $$;
