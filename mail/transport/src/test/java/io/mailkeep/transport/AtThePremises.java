package io.mailkeep.transport;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share one {@link Premises} a class, each with a fresh module ticket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AtThePremises {
    Premises premises = nothing();

    @SuppressWarnings("NullAway") // set before any test
    private static Premises nothing() {
        return null;
    }

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        premises = new Premises(folder);
    }

    @AfterAll
    void close() {
        premises.close();
    }

    @BeforeEach
    void aFreshModuleTicket() {
        premises.renewModuleTicket();
    }
}
