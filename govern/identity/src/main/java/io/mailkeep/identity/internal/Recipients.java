package io.mailkeep.identity.internal;

import io.mailkeep.database.RecipientCalls;
import io.mailkeep.database.RecipientCalls.Answer;
import io.mailkeep.database.RecipientCalls.Found;
import io.mailkeep.database.RecipientCalls.Question;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.identity.Recipient;
import io.mailkeep.identity.Resolution;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Standing;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What addresses are to us, always as the database has it at this moment, and for the same work
 * whether somebody has them or not ({@code ATK-15}). Addresses that are asked for at the same time
 * share a round trip.
 *
 * <p>The companies of domains are remembered as guesses only: the database tells in the same round
 * trip if a guess was wrong.
 */
public final class Recipients {
    private static final int GUESSES_MAX = 10_000;
    private static final int ATTEMPTS = 3;

    private final ReadingKeys keys;
    private final Gathered<Question, Answer> calls;
    private final Map<String, TenantId> guesses = new ConcurrentHashMap<>();

    public Recipients(RoomDatabase database, ReadingKeys keys) {
        this.keys = keys;
        this.calls = new Gathered<>(new RecipientCalls(database)::find);
    }

    /** What an address is, within the reach of this access. */
    public Resolution find(Access access, EmailAddress address) {
        byte[] domain = keys.lookupHash(access, Names.domainText(address.domain()));
        Optional<TenantId> guess = Optional.ofNullable(guesses.get(address.domain()));
        for (int i = 0; i < ATTEMPTS; i++) {
            Answer answer = calls.ask(question(access, domain, guess, address));
            Optional<TenantId> tenant = answer.tenant().map(TenantId::new);
            if (tenant.isEmpty() || !Scope.covers(access, tenant.get())) {
                return new Resolution.Outside();
            }
            if (tenant.equals(guess)) {
                return answer.mailbox()
                        .<Resolution>map(
                                found -> new Resolution.Local(recipient(tenant.get(), found)))
                        .orElseGet(Resolution.NoSuchRecipient::new);
            }
            guess = tenant;
            remember(address.domain(), tenant.get());
        }
        throw new Unavailable(
                Problem.temporary(
                        "The recipient can't be looked up now; try again later.",
                        "a domain changed hands at each look"));
    }

    private Question question(
            Access access, byte[] domain, Optional<TenantId> guess, EmailAddress address) {
        byte[] hash =
                guess.map(tenant -> keys.lookupHash(access, Names.addressText(tenant, address)))
                        .orElse(new byte[0]);
        return new Question(domain, guess.map(TenantId::value), hash);
    }

    private void remember(String domain, TenantId tenant) {
        if (guesses.size() >= GUESSES_MAX) {
            guesses.clear();
        }
        guesses.put(domain, tenant);
    }

    private static Recipient recipient(TenantId tenant, Found found) {
        MailboxId mailbox = new MailboxId(found.mailbox());
        return new Recipient(
                tenant,
                new AccountId(found.account()),
                mailbox,
                new Standing(tenant, mailbox, found.standing()));
    }
}
