-- One delivery group: all its rows, of all its tenants, in one transaction (DESIGN.md 3). For each delivery, in this
-- order: 1 there already (row, tomb or successor: asked before anything else, since an id outlives its row) ·
-- 3 mailbox or folder missing · 4 standing ticket withdrawn · 2 sealed to a pair that was renewed · 5 UIDs
-- exhausted · 0 delivered. Whoever gives UIDs or MODSEQs holds the mailbox's row; rows are locked in the order of
-- their ids, mailboxes before pairs.
-- Tables are reached row by row (OFFSET 0 keeps each look-up one), in plans that don't depend on the moment at which
-- they were made: one made for empty tables reads them whole, for every group, until the next analysis.
-- Most groups of a quiet system hold one delivery, and then setting plans up is nearly all of the work: so numbers are
-- counted in the loop, not by windows and aggregates, and look-ups name the columns that they need.
create function mailbox.deliver_group(
    fence bigint, b_tenant uuid[], b_blob uuid[], b_class smallint[], b_segment uuid[], b_position bigint[],
    b_stored bigint[], b_size bigint[], d_tenant uuid[], d_mailbox uuid[], d_folder uuid[], d_copy uuid[],
    d_blob uuid[], d_class smallint[], d_node uuid[], d_pair uuid[], d_wrap bytea[], d_meta bytea[],
    d_flags smallint[], d_keywords bigint[], d_received timestamptz[], d_saved timestamptz[], d_size bigint[],
    d_standing bigint[], d_audit_id uuid[], d_audit bytea[])
returns table (ordinal int, status smallint, folder_id uuid, uid_validity bigint, uid bigint, mod_seq bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_memoize = off
set enable_material = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    deliveries int := cardinality(d_copy);
    r_status smallint[] := array_fill(null::smallint, array[deliveries]);
    r_folder uuid[] := array_fill(null::uuid, array[deliveries]);
    r_validity bigint[] := array_fill(null::bigint, array[deliveries]);
    r_uid bigint[] := r_validity;
    r_mod_seq bigint[] := r_validity;
    met record;
    judged int := 0;
    delivered int := 0;
    copies uuid[];
    blobs uuid[];
    audit_ids uuid[];
    audits bytea[];
    mailboxes int := 0;
    m_tenant uuid[];
    m_mailbox uuid[];
    m_mod_seq bigint[];
    folders int := 0;
    f_tenant uuid[];
    f_mailbox uuid[];
    f_folder uuid[];
    f_uid_next bigint[];
    f_mod_seq bigint[];
    mailbox_at int;
    folder_at int;
    next_uid bigint;
    next_mod_seq bigint;
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

    -- What each delivery meets.
    for met in
        select a.*, f.folder_id, f.uid_validity, f.uid_next, m.mod_seq, m.standing_epoch, p.pair_id, n.node_id,
            x.copy_id is not null or t.leaf_id is not null or s.old_id is not null as there
        from unnest(d_tenant, d_mailbox, d_folder, d_copy, d_blob, d_class, d_node, d_pair, d_standing)
            with ordinality as a (tenant, mailbox, folder, copy, blob, class, node, pair, standing, i)
        left join lateral (select b.tenant_id, b.mailbox_id, b.mod_seq, b.standing_epoch from mailbox.mailbox b
            where b.tenant_id = a.tenant and b.mailbox_id = a.mailbox offset 0) m on true
        left join lateral (select b.folder_id, b.uid_validity, b.uid_next from mailbox.folder b
            where b.tenant_id = m.tenant_id and b.mailbox_id = m.mailbox_id
            and case when a.folder is null then b.special_use = 1 else b.folder_id = a.folder end offset 0) f on true
        left join lateral (select b.pair_id from tree.pair b
            where b.tenant_id = a.tenant and b.node_id = a.node offset 0) p on true
        left join lateral (select b.node_id from tree.node b
            where b.tenant_id = a.tenant and b.node_id = a.node and b.kind = 3
            and b.mailbox_id = a.mailbox and b.data_class = a.class offset 0) n on true
        left join lateral (select b.copy_id from mailbox.message b
            where b.tenant_id = a.tenant and b.mailbox_id = a.mailbox and b.copy_id = a.copy offset 0) x on true
        left join lateral (select b.leaf_id from tree.tomb b
            where b.tenant_id = a.tenant and b.leaf_id = a.copy offset 0) t on true
        left join lateral (select b.old_id from tree.succ b
            where b.tenant_id = a.tenant and b.old_id = a.copy offset 0) s on true
        order by a.i
    loop
        judged := judged + 1;
        mailbox_at := coalesce(array_position(m_mailbox, met.mailbox), mailboxes + 1);
        folder_at := coalesce(array_position(f_folder, met.folder_id), folders + 1);
        next_mod_seq := coalesce(m_mod_seq[mailbox_at], met.mod_seq) + 1;
        next_uid := coalesce(f_uid_next[folder_at], met.uid_next);
        r_status[met.i] := case
            -- a copy named twice in one group is stored once
            when met.there or met.copy = any (copies) then 1
            when met.folder_id is null then 3
            when met.standing is not null and (met.standing_epoch <= 0 or met.standing_epoch <> met.standing) then 4
            when met.pair_id is distinct from met.pair or met.node_id is null then 2
            when next_uid > 4294967295 then 5
            else 0
        end;
        if r_status[met.i] = 0 then
            delivered := delivered + 1;
            copies[delivered] := met.copy;
            blobs[delivered] := met.blob;
            audit_ids[delivered] := d_audit_id[met.i];
            audits[delivered] := d_audit[met.i];
            r_folder[met.i] := met.folder_id;
            r_validity[met.i] := met.uid_validity;
            r_uid[met.i] := next_uid;
            r_mod_seq[met.i] := next_mod_seq;
            mailboxes := greatest(mailboxes, mailbox_at);
            m_tenant[mailbox_at] := met.tenant;
            m_mailbox[mailbox_at] := met.mailbox;
            m_mod_seq[mailbox_at] := next_mod_seq;
            folders := greatest(folders, folder_at);
            f_tenant[folder_at] := met.tenant;
            f_mailbox[folder_at] := met.mailbox;
            f_folder[folder_at] := met.folder_id;
            f_uid_next[folder_at] := next_uid + 1;
            f_mod_seq[folder_at] := next_mod_seq;
        end if;
    end loop;
    if judged <> deliveries then
        raise exception 'a delivery met more than one folder' using errcode = 'MK003';
    end if;

    if delivered > 0 then
        insert into mailbox.blob (tenant_id, blob_id, data_class, segment_id, position, stored, size)
        select b.tenant, b.blob, b.class, b.segment, b.position, b.stored, b.size
        from unnest(b_tenant, b_blob, b_class, b_segment, b_position, b_stored, b_size)
            as b (tenant, blob, class, segment, position, stored, size)
        where b.blob = any (blobs)
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

        update mailbox.folder f set uid_next = d.uid_next, mod_seq = d.mod_seq
        from unnest(f_tenant, f_mailbox, f_folder, f_uid_next, f_mod_seq)
            as d (tenant, mailbox, folder, uid_next, mod_seq)
        where f.tenant_id = d.tenant and f.mailbox_id = d.mailbox and f.folder_id = d.folder;
        get diagnostics touched = row_count;
        if touched <> folders then
            raise exception 'folders: % of %', touched, folders using errcode = 'MK003';
        end if;

        update mailbox.mailbox m set mod_seq = d.mod_seq
        from unnest(m_tenant, m_mailbox, m_mod_seq) as d (tenant, mailbox, mod_seq)
        where m.tenant_id = d.tenant and m.mailbox_id = d.mailbox;
        get diagnostics touched = row_count;
        if touched <> mailboxes then
            raise exception 'mailboxes: % of %', touched, mailboxes using errcode = 'MK003';
        end if;

        insert into audit.outbox (row_id, ids, entries) values (gen_random_uuid(), audit_ids, audits);
    end if;

    for one in 1 .. deliveries loop
        ordinal := one;
        status := r_status[one];
        folder_id := r_folder[one];
        uid_validity := r_validity[one];
        uid := r_uid[one];
        mod_seq := r_mod_seq[one];
        if status = 1 then
            select m.folder_id, f.uid_validity, m.uid, m.mod_seq into folder_id, uid_validity, uid, mod_seq
            from mailbox.message m
            left join mailbox.folder f on f.tenant_id = m.tenant_id and f.mailbox_id = m.mailbox_id
                and f.folder_id = m.folder_id
            where m.tenant_id = d_tenant[one] and m.mailbox_id = d_mailbox[one] and m.copy_id = d_copy[one];
        end if;
        return next;
    end loop;
end $$;
