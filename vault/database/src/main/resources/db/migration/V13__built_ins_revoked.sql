-- What every role may do in a fresh database: make large objects, hold advisory locks that others wait for, read
-- sizes and files, run SQL given as text. Taken from PUBLIC; what a room needs stays.
do $$
declare
    one record;
begin
    for one in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace
        and exists (
            select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            where a.grantee = 0 and a.privilege_type = 'EXECUTE')
        and p.prokind = 'f'
        and p.prorettype <> 'trigger'::regtype
        and (p.provolatile = 'v' or p.proname ~ '^(lo|pg_ls|pg_read|pg_stat|pg_stat_get|ts_stat)_?'
            or p.proname ~ '(_size|_to_xml|_to_xmlschema|_to_xml_and_xmlschema)$'
            or p.proname in ('ts_stat', 'ts_rewrite', 'query_to_xml', 'cursor_to_xml', 'database_to_xml'))
        and p.proname not in ('set_config', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'clock_timestamp', 'timeofday',
            'nextval', 'currval', 'lastval', 'random', 'random_normal', 'pg_current_xact_id', 'txid_current',
            'pg_column_size')
    loop
        execute format('revoke execute on function %s from public', one.name);
    end loop;
end $$;

grant execute on function pg_catalog.pg_advisory_xact_lock_shared(bigint) to mk_definer;

revoke all on schema public from public;
revoke all on language plpgsql from public;
revoke all on language sql from public;

comment on table migration.history is 'tenantless: which migrations ran';
do $$
declare
    one record;
begin
    for one in select attname from pg_attribute
        where attrelid = 'migration.history'::regclass and attnum > 0 and not attisdropped
    loop
        execute format('comment on column migration.history.%I is ''internal''', one.attname);
    end loop;
end $$;
