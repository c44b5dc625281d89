package io.mailkeep.database;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The audit outbox in {@code audit.outbox}: a row a transaction, holding its entries. What was ever
 * published out of it is counted with it, so that a database that went back is noticed: then the
 * log holds more than this database accounts for (ATK-100).
 */
public final class OutboxTable implements Outbox {
    private final RoomDatabase audit;

    /** Over the pool of {@link Room#AUDIT}. */
    public OutboxTable(RoomDatabase audit) {
        this.audit = audit;
    }

    @Override
    public void append(List<Entry> entries) {
        audit.runWithoutTenant(tx -> tx.audit(entries));
    }

    @Override
    public List<Entry> take(int limit) {
        return audit.withoutTenant(tx ->
                tx.sql()
                        .sql(
                                """
                                select at, id, entry
                                from (select at, row_id, ids, entries from audit.outbox
                                      order by at, row_id limit ?) o,
                                     unnest(ids, entries) with ordinality as e (id, entry, n)
                                order by at, row_id, n limit ?\
                                """)
                        .params(limit, limit)
                        .query((row, n) -> entry(row))
                        .list());
    }

    @Override
    public void published(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return;
        }
        UUID[] all = ids.toArray(UUID[]::new);
        audit.runWithoutTenant(tx -> {
            tx.sql()
                    .sql(
                            """
                            update audit.progress set published = published + (
                                select count(distinct id) from audit.outbox, unnest(ids) as i (id)
                                where id = any (?))\
                            """)
                    .param(all)
                    .update();
            tx.sql()
                    .sql(
                            """
                            delete from audit.outbox where not exists (
                                select from unnest(ids) as i (id) where id <> all (?))\
                            """)
                    .param(all)
                    .update();
            // A row that was taken in part keeps the rest.
            tx.sql()
                    .sql(
                            """
                            update audit.outbox o
                            set ids = k.ids, entries = k.entries
                            from audit.outbox p, lateral (
                                select array_agg(id order by n) as ids,
                                       array_agg(entry order by n) as entries
                                from unnest(p.ids, p.entries) with ordinality as e (id, entry, n)
                                where id <> all (?)) k
                            where o.row_id = p.row_id
                            and cardinality(k.ids) < cardinality(p.ids)\
                            """)
                    .param(all)
                    .update();
        });
    }

    /** How many entries were published or wait: never less than the log that grew out of it. */
    public long accountedFor() {
        return audit.withoutTenant(tx ->
                tx.sql()
                        .sql(
                                """
                                select published + (
                                    select coalesce(sum(cardinality(ids)), 0) from audit.outbox)
                                from audit.progress\
                                """)
                        .query(Long.class)
                        .single());
    }

    /** Accounts for a log of this size: the operator accepts that the database went back. */
    public void accountFor(long logSize) {
        audit.runWithoutTenant(tx ->
                tx.sql()
                        .sql("update audit.progress set published = greatest(published, ?)")
                        .param(logSize)
                        .update());
    }

    @Override
    public Backlog backlog() {
        return audit.withoutTenant(tx ->
                tx.sql()
                        .sql(
                                """
                                select coalesce(sum(cardinality(ids)), 0),
                                       coalesce(extract(epoch from clock_timestamp() - min(at)), 0) * 1000
                                from audit.outbox\
                                """)
                        .query((row, n) ->
                                new Backlog(
                                        row.getLong(1),
                                        Duration.ofMillis(Math.max(0, row.getLong(2)))))
                        .single());
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Instant at = row.getObject(1, OffsetDateTime.class).toInstant();
        return new Entry(row.getObject(2, UUID.class), at, row.getBytes(3));
    }
}
