package io.mailkeep.transport;

import io.mailkeep.audit.Event;
import io.mailkeep.audit.Trail;
import io.mailkeep.identity.Directory;
import io.mailkeep.identity.Resolution;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.mailbox.Delivery;
import io.mailkeep.mailbox.Dropbox;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.Standing;
import io.mailkeep.tickets.TicketAuthority;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All that the intake asks of other rooms: five questions, each with its ticket already in hand.
 *
 * @param resolve what an address is to us
 * @param admit whether mail may be put into a mailbox, by its standing ticket
 * @param deliver puts copies into mailboxes
 * @param audit tells the audit log
 * @param gate why no mail is taken at the moment ({@code AuditLog.backlogGate}); empty when it is
 */
public record Collaborators(
        Function<EmailAddress, Outcome<Resolution>> resolve,
        Function<Standing, Outcome<Access>> admit,
        Function<List<Delivery>, List<Outcome<Dropbox.Receipt>>> deliver,
        Consumer<Event> audit,
        Supplier<Optional<Problem>> gate) {

    /** The rooms themselves, asked as the module whose pass this is. */
    public static Collaborators of(
            ModulePass pass,
            TicketAuthority authority,
            Directory directory,
            Dropbox dropbox,
            Trail trail,
            Supplier<Optional<Problem>> gate) {
        return new Collaborators(
                address ->
                        pass.admission()
                                .then(admission ->
                                        authority.decideModule(
                                                admission, Operation.RESOLVE, Event.INSTALLATION))
                                .map(access -> directory.resolve(access, address)),
                standing ->
                        pass.admission()
                                .then(admission -> authority.decideDelivery(admission, standing)),
                dropbox::deliver,
                trail::record,
                gate);
    }
}
