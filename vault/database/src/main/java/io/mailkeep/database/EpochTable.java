package io.mailkeep.database;

import io.mailkeep.tickets.EpochStore;
import java.util.List;
import java.util.UUID;

/** The revocation epochs in {@code tickets.epoch}; numbers appear in the order of commits. */
public final class EpochTable implements EpochStore {
    private final RoomDatabase tickets;

    /** Over the pool of {@link Room#TICKETS}. */
    public EpochTable(RoomDatabase tickets) {
        this.tickets = tickets;
    }

    @Override
    public long current(UUID subject) {
        return tickets.withoutTenant(tx ->
                tx.sql()
                        .sql("select epoch from tickets.epoch where subject = ?")
                        .param(subject)
                        .query(Long.class)
                        .optional()
                        .orElse(0L));
    }

    @Override
    public long raise(UUID subject) {
        return tickets.withoutTenant(tx -> {
            // One raise at a time: a number drawn earlier but committed later would be
            // overlooked by whoever asks for the changes since.
            tx.sql().sql("lock table tickets.epoch in share row exclusive mode").update();
            return tx.sql()
                    .sql(
                            """
                            insert into tickets.epoch as e (subject, epoch) values (?, 1)
                            on conflict (subject) do update
                            set epoch = e.epoch + 1, number = nextval('tickets.change')
                            returning epoch\
                            """)
                    .param(subject)
                    .query(Long.class)
                    .single();
        });
    }

    @Override
    public List<Change> since(long number) {
        return tickets.withoutTenant(tx ->
                tx.sql()
                        .sql(
                                """
                                select number, subject, epoch from tickets.epoch
                                where number > ? order by number\
                                """)
                        .param(number)
                        .query((row, n) ->
                                new Change(
                                        row.getLong(1),
                                        row.getObject(2, UUID.class),
                                        row.getLong(3)))
                        .list());
    }
}
