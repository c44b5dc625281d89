package io.mailkeep.smtp;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests that share one {@link Office} a class, and find it well each time. */
abstract class AtTheOffice {
    static Office office;

    @BeforeAll
    static void open() {
        office = Office.open();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @AfterEach
    void mend() {
        office.closed = Optional.empty();
        office.directoryAway = false;
        office.directoryBroken = false;
        office.spoil = UnaryOperator.identity();
        office.withdrawn = Set.of();
    }
}
