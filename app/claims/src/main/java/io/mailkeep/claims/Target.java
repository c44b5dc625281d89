package io.mailkeep.claims;

import io.mailkeep.identity.Directory;
import io.mailkeep.identity.SignIn;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.ChannelBinding;
import io.mailkeep.tickets.SignedTicket;
import io.mailkeep.tickets.TicketAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The running system as the probes may see it: its services, what an auditor may read, and the
 * public doors of rooms.
 *
 * @param services where the mail services are reached
 * @param budgets what strangers are allowed
 * @param volumes the classes' volumes
 * @param keyFolders the key folders
 * @param dataFolders everything that a thief of the data directory would have
 * @param auditCopies both copies of the audit log
 * @param verifierKey the audit log's public key
 * @param directoryAccess the right to make the probes' own account
 * @param smtpTicket the smtp module's ticket, {@code imapTicket} the imap module's: for trying what
 *     they must not do
 * @param process the binding of the modules' tickets
 */
public record Target(
        Services services,
        Budgets budgets,
        Map<DataClass, Path> volumes,
        List<Path> keyFolders,
        List<Path> dataFolders,
        List<Path> auditCopies,
        String verifierKey,
        Directory directory,
        SignIn signIn,
        TicketAuthority tickets,
        Supplier<Access> directoryAccess,
        Supplier<SignedTicket> smtpTicket,
        Supplier<SignedTicket> imapTicket,
        ChannelBinding process,
        Time time,
        Randomness randomness) {}
