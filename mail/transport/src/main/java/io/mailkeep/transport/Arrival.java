package io.mailkeep.transport;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import io.mailkeep.segments.Clear;
import io.mailkeep.segments.SpoolWriter;
import io.mailkeep.transport.internal.ForgedFields;
import io.mailkeep.transport.internal.HeaderFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A message body while it arrives: spooled encrypted, its header looked at on the way. Closing it
 * without a delivery leaves nothing behind.
 *
 * <p>Once there is a {@linkplain #problem problem}, nothing more is kept: whoever feeds it may go
 * on feeding, or stop ({@code ATK-09}).
 */
@Claim({"ATK-09", "ATK-17", "ATK-22"})
public final class Arrival implements AutoCloseable {
    // A message may take longer than a ticket lives: asking is what renews it in time.
    private static final long ASK_NANOS = Duration.ofMinutes(1).toNanos();

    private final SpoolWriter spool;
    private final HeaderFilter filter;
    private final long most;
    private final Supplier<Optional<Problem>> against;
    private final Time time;
    private long asked;
    private long octets;
    private Optional<Problem> problem = Optional.empty();
    private Optional<Clear> body = Optional.empty();

    /**
     * @param against why the sender may not send any more; asked now and then
     */
    Arrival(
            SpoolWriter spool,
            String hostName,
            IntakeLimits limits,
            Supplier<Optional<Problem>> against,
            Time time) {
        this.spool = spool;
        this.against = against;
        this.time = time;
        this.asked = time.nanos();
        this.filter =
                new HeaderFilter(
                        spool,
                        new ForgedFields(hostName),
                        limits.headerOctets(),
                        limits.receivedFields());
        this.most = limits.messageOctets();
    }

    /** The next bytes, lines ended by CRLF, without dot-stuffing. */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        octets += length;
        if (problem.isEmpty() && octets > most) {
            reject(tooLarge(most));
        }
        if (problem.isEmpty() && time.nanos() - asked > ASK_NANOS) {
            asked = time.nanos();
            against.get().ifPresent(this::reject);
        }
        if (problem.isEmpty()) {
            filter.write(bytes, offset, length);
            filter.problem().ifPresent(this::reject);
        }
    }

    /** The message can't be taken, for this reason; the first one counts. */
    public void reject(Problem reason) {
        if (problem.isEmpty()) {
            problem = Optional.of(reason);
            spool.close();
        }
    }

    /** Why the message can't be taken; empty if it can as far as it is here. */
    public Optional<Problem> problem() {
        return problem;
    }

    /** Bytes so far, also those that weren't kept. */
    public long octets() {
        return octets;
    }

    /** What a message beyond the limit is told (RFC 1870 6.3). */
    public static Problem tooLarge(long most) {
        return Problem.malformed(
                552, "5.3.4", "The message is too large: at most " + most + " octets");
    }

    /** The complete body; called once, if there is no problem. */
    Clear finish() throws IOException {
        filter.finish();
        Clear whole = spool.finish();
        body = Optional.of(whole);
        return whole;
    }

    HeaderFilter header() {
        return filter;
    }

    @Override
    public void close() {
        body.ifPresent(Clear::close);
        spool.close();
    }
}
