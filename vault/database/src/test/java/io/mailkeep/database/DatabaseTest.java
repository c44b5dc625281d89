package io.mailkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void opens() {
        try (Database database = SharedPostgres.database()) {
            long rows =
                    database.room(Room.MAILBOX)
                            .inTenant(
                                    new TenantId(new UUID(1, 2)),
                                    tx ->
                                            tx.sql()
                                                    .sql("select count(*) from mailbox.mailbox")
                                                    .query(Long.class)
                                                    .single());
            assertThat(rows).isZero();
        }
    }
}
