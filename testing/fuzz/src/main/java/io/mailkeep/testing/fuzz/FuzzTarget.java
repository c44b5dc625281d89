package io.mailkeep.testing.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A test class that gives any bytes to a parser and says what must hold of the result. Its saved
 * inputs are tried in every run; {@value #SECONDS} has it hunted for that long, too.
 */
public interface FuzzTarget {
    /** The system property that says how many seconds each target is hunted for. */
    String SECONDS = "mailkeep.fuzz.seconds";

    /** Bytes that one input may make a parser allocate, at most. */
    long ALLOCATED_MAX_BYTES = 64L << 20;

    /** Tries one input; whatever this throws is a finding. */
    void one(byte[] input) throws Exception;

    /** Tries one input within bounded memory. */
    default void bounded(byte[] input) throws Exception {
        boolean much = allocated(input) > ALLOCATED_MAX_BYTES;
        // what loads classes allocates for them: it counts if it comes again
        if (much && allocated(input) > ALLOCATED_MAX_BYTES) {
            throw new AssertionError(
                    input.length + " octets make the parser allocate more than allowed");
        }
    }

    private long allocated(byte[] input) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        one(input);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Every saved input holds. */
    @Test
    default void savedInputs() {
        List<byte[]> inputs = Corpus.of(getClass());
        for (byte[] input : inputs) {
            try {
                bounded(input);
            } catch (Throwable found) {
                throw new AssertionError("saved input " + Corpus.line(input), found);
            }
        }
    }

    /** Nothing is found in the time that is given. */
    @Test
    @EnabledIfSystemProperty(
            named = SECONDS,
            matches = "\\d+",
            disabledReason = "a hunt takes minutes: ./mailkeep fuzz runs it")
    default void hunted() throws Exception {
        Hunt.run(getClass(), Integer.parseInt(System.getProperty(SECONDS)));
    }
}
