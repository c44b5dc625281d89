package io.mailkeep.database;

import io.mailkeep.audit.Entry;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A running transaction of one room: everything done through it commits together or not at all. Not
 * to be kept beyond the call it was handed to, nor used by two threads.
 */
public final class Tx {
    private final JdbcClient sql;

    Tx(Connection connection) {
        this.sql = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    /**
     * Runs SQL with bound parameters, in this transaction and for its tenant. Text that comes from
     * outside is a parameter, never part of the statement ({@code ATK-91}).
     */
    public JdbcClient sql() {
        return sql;
    }

    /** Puts an entry into the audit outbox: durable exactly if this transaction is. */
    public void audit(Entry entry) {
        audit(List.of(entry));
    }

    /** Puts entries into the audit outbox, in one row. */
    public void audit(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        sql.sql("select audit.append(?, ?)")
                .param(entries.stream().map(Entry::id).toArray(UUID[]::new))
                .param(entries.stream().map(Entry::bytes).toArray(byte[][]::new))
                .query((row, number) -> true)
                .list();
    }

    /** Makes this transaction see and change another tenant's rows instead: the key tree only. */
    void tenant(UUID tenant) {
        sql.sql("select set_config('mk.tenant', ?, true)")
                .param(tenant.toString())
                .query((row, number) -> true)
                .list();
    }
}
