-- One delivery group: all its rows, of all its tenants, in one transaction (DESIGN.md 3). For each delivery, in this
-- order: 1 there already (row, tomb or successor: asked before anything else, since an id outlives its row) ·
-- 3 mailbox or folder missing · 4 standing ticket withdrawn · 2 sealed to a pair that was renewed · 5 UIDs
-- exhausted · 0 delivered. Whoever gives UIDs or MODSEQs holds the mailbox's row; rows are locked in the order of
-- their ids, mailboxes before pairs.
-- Tables are reached row by row (OFFSET 0 keeps each look-up one), in plans that don't depend on the moment at which
-- they were made: one made for empty tables reads them whole, for every group, until the next analysis.
create function mailbox.deliver_group(
    fence bigint, b_tenant uuid[], b_blob uuid[], b_class smallint[], b_segment uuid[], b_position bigint[],
    b_stored bigint[], b_size bigint[], d_tenant uuid[], d_mailbox uuid[], d_folder uuid[], d_copy uuid[],
    d_blob uuid[], d_class smallint[], d_node uuid[], d_pair uuid[], d_wrap bytea[], d_meta bytea[],
    d_flags smallint[], d_keywords bigint[], d_received timestamptz[], d_saved timestamptz[], d_size bigint[],
    d_standing bigint[], d_audit_id uuid[], d_audit bytea[])
returns table (ordinal int, status smallint, folder_id uuid, uid_validity bigint, uid bigint, mod_seq bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    deliveries int := cardinality(d_copy);
    r_status smallint[];
    r_folder uuid[];
    r_validity bigint[];
    r_uid bigint[];
    r_mod_seq bigint[];
    delivered int;
    touched int;
begin
    perform node.check_fence(fence);
    perform set_config('mk.group', (select string_agg(distinct t::text, ',') from unnest(d_tenant) as t), true);

    perform from mailbox.mailbox m
    where (m.tenant_id, m.mailbox_id) in (select * from unnest(d_tenant, d_mailbox))
    order by m.tenant_id, m.mailbox_id for no key update;
    perform from tree.pair p
    where (p.tenant_id, p.node_id) in (select * from unnest(d_tenant, d_node))
    order by p.tenant_id, p.node_id for share;

    -- What each delivery meets. A copy named twice in one group is stored once.
    with asked as (
        select d.*, row_number() over (partition by d.tenant, d.copy order by d.i) as nth
        from unnest(d_tenant, d_mailbox, d_folder, d_copy, d_class, d_node, d_pair, d_standing) with ordinality
            as d (tenant, mailbox, folder, copy, class, node, pair, standing, i)
    ), judged as (
        select a.i, a.tenant, a.mailbox, f.folder_id, f.uid_validity, f.uid_next, m.mod_seq,
            case
                when a.nth > 1 or x.copy_id is not null or t.leaf_id is not null or s.old_id is not null then 1
                when f.folder_id is null then 3
                when a.standing is not null and (m.standing_epoch <= 0 or m.standing_epoch <> a.standing) then 4
                when p.pair_id is distinct from a.pair or n.node_id is null then 2
                else 0
            end as status
        from asked a
        left join lateral (select * from mailbox.mailbox b
            where b.tenant_id = a.tenant and b.mailbox_id = a.mailbox offset 0) m on true
        left join lateral (select * from mailbox.folder b
            where b.tenant_id = m.tenant_id and b.mailbox_id = m.mailbox_id
            and case when a.folder is null then b.special_use = 1 else b.folder_id = a.folder end offset 0) f on true
        left join lateral (select * from tree.pair b
            where b.tenant_id = a.tenant and b.node_id = a.node offset 0) p on true
        left join lateral (select * from tree.node b
            where b.tenant_id = a.tenant and b.node_id = a.node and b.kind = 3
            and b.mailbox_id = a.mailbox and b.data_class = a.class offset 0) n on true
        left join lateral (select * from mailbox.message b
            where b.tenant_id = a.tenant and b.mailbox_id = a.mailbox and b.copy_id = a.copy offset 0) x on true
        left join lateral (select * from tree.tomb b
            where b.tenant_id = a.tenant and b.leaf_id = a.copy offset 0) t on true
        left join lateral (select * from tree.succ b
            where b.tenant_id = a.tenant and b.old_id = a.copy offset 0) s on true
    ), numbered as (
        select j.*, j.uid_next - 1 + count(*) filter (where j.status = 0)
            over (partition by j.tenant, j.mailbox, j.folder_id order by j.i) as uid
        from judged j
    ), fitted as (
        select n.i, n.tenant, n.mailbox, n.folder_id, n.uid_validity, n.uid, n.mod_seq,
            case when n.status = 0 and n.uid > 4294967295 then 5 else n.status end as status
        from numbered n
    ), counted as (
        select c.*, c.mod_seq + count(*) filter (where c.status = 0)
            over (partition by c.tenant, c.mailbox order by c.i) as given
        from fitted c
    )
    select array_agg(c.status::smallint order by c.i), array_agg(c.folder_id order by c.i),
        array_agg(c.uid_validity order by c.i), array_agg(c.uid order by c.i), array_agg(c.given order by c.i),
        count(*) filter (where c.status = 0)
    into r_status, r_folder, r_validity, r_uid, r_mod_seq, delivered
    from counted c;

    if cardinality(r_status) is distinct from deliveries then
        raise exception 'a delivery met more than one folder' using errcode = 'MK003';
    end if;

    if delivered > 0 then
        insert into mailbox.blob (tenant_id, blob_id, data_class, segment_id, position, stored, size)
        select b.tenant, b.blob, b.class, b.segment, b.position, b.stored, b.size
        from unnest(b_tenant, b_blob, b_class, b_segment, b_position, b_stored, b_size)
            as b (tenant, blob, class, segment, position, stored, size)
        where exists (select from unnest(d_tenant, d_blob, r_status) as d (tenant, blob, status)
            where d.status = 0 and d.tenant = b.tenant and d.blob = b.blob)
        order by b.tenant, b.blob
        on conflict do nothing;

        insert into mailbox.message (tenant_id, mailbox_id, copy_id, folder_id, uid, mod_seq, flags, keywords,
            received_at, saved_at, size, blob_id, data_class, meta)
        select d.tenant, d.mailbox, d.copy, d.folder, d.uid, d.mod_seq, d.flags, d.keywords, d.received, d.saved,
            d.size, d.blob, d.class, d.meta
        from unnest(d_tenant, d_mailbox, d_copy, r_folder, r_uid, r_mod_seq, d_flags, d_keywords, d_received,
            d_saved, d_size, d_blob, d_class, d_meta, r_status)
            as d (tenant, mailbox, copy, folder, uid, mod_seq, flags, keywords, received, saved, size, blob, class,
                meta, status)
        where d.status = 0;
        get diagnostics touched = row_count;
        if touched <> delivered then
            raise exception 'rows: % of %', touched, delivered using errcode = 'MK003';
        end if;

        insert into tree.leaf (tenant_id, leaf_id, kind, holder, holder_key_id, wrap)
        select d.tenant, d.copy, 1, d.node, d.pair, d.wrap
        from unnest(d_tenant, d_copy, d_node, d_pair, d_wrap, r_status) as d (tenant, copy, node, pair, wrap, status)
        where d.status = 0;
        get diagnostics touched = row_count;
        if touched <> delivered then
            raise exception 'leaves: % of %', touched, delivered using errcode = 'MK003';
        end if;

        with last as (
            select d.tenant, d.mailbox, d.folder, max(d.uid) as uid, max(d.mod_seq) as mod_seq
            from unnest(d_tenant, d_mailbox, r_folder, r_uid, r_mod_seq, r_status)
                as d (tenant, mailbox, folder, uid, mod_seq, status)
            where d.status = 0 group by d.tenant, d.mailbox, d.folder
        ), folders as (
            update mailbox.folder f set uid_next = l.uid + 1, mod_seq = l.mod_seq from last l
            where f.tenant_id = l.tenant and f.mailbox_id = l.mailbox and f.folder_id = l.folder
            returning 1
        ), mailboxes as (
            update mailbox.mailbox m set mod_seq = l.mod_seq
            from (select tenant, mailbox, max(mod_seq) as mod_seq from last group by tenant, mailbox) l
            where m.tenant_id = l.tenant and m.mailbox_id = l.mailbox
            returning 1
        )
        select (select count(*) from folders) - (select count(*) from last)
            + (select count(*) from mailboxes) - (select count(distinct (tenant, mailbox)) from last)
        into touched;
        if touched <> 0 then
            raise exception 'counters: %', touched using errcode = 'MK003';
        end if;

        insert into audit.outbox (row_id, ids, entries)
        select gen_random_uuid(), array_agg(a.id order by a.i), array_agg(a.entry order by a.i)
        from unnest(d_audit_id, d_audit, r_status) with ordinality as a (id, entry, status, i)
        where a.status = 0;
    end if;

    return query
    select d.i::int, d.status,
        case when d.status = 1 then x.folder_id when d.status = 0 then d.folder end,
        case when d.status = 1 then f.uid_validity when d.status = 0 then d.validity end,
        case when d.status = 1 then x.uid when d.status = 0 then d.uid end,
        case when d.status = 1 then x.mod_seq when d.status = 0 then d.mod_seq end
    from unnest(d_tenant, d_mailbox, d_copy, r_status, r_folder, r_validity, r_uid, r_mod_seq) with ordinality
        as d (tenant, mailbox, copy, status, folder, validity, uid, mod_seq, i)
    left join lateral (select * from mailbox.message m where d.status = 1 and m.tenant_id = d.tenant
        and m.mailbox_id = d.mailbox and m.copy_id = d.copy offset 0) x on true
    left join mailbox.folder f on f.tenant_id = x.tenant_id and f.mailbox_id = x.mailbox_id
        and f.folder_id = x.folder_id
    order by d.i;
end $$;
