package io.mailkeep.transport;

import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A person who signed in to send.
 *
 * @param addresses those they may send as, with any sub-address
 * @param right decides anew, each time it is asked, whether they may still send: an account that
 *     was disabled since may not
 */
public record Submitter(
        TenantId tenant,
        AccountId account,
        Set<EmailAddress> addresses,
        Supplier<Outcome<Access>> right) {
    public Submitter {
        addresses = Set.copyOf(addresses);
    }

    /** They may send as this address. */
    public boolean owns(EmailAddress address) {
        Set<String> mine =
                addresses.stream().map(EmailAddress::lookupForm).collect(Collectors.toSet());
        return mine.contains(address.lookupForm());
    }

    @Override
    public String toString() {
        return "[submitter " + account + "]";
    }
}
