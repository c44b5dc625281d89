package io.mailkeep.tickets;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.NoSubjects;
import io.mailkeep.audit.Outbox;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.AccountId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.SessionId;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Time;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** Everything a ticket needs: a key, epochs, a trail, a clock that tests move. */
final class Bench implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    final Clock time = new Clock();
    final Store store = new Store();
    final Rows rows = new Rows();
    final Randomness random = Randomness.of(new SplittableRandom(4));
    final KeyPair key = pair();
    final Epochs epochs = new Epochs(store, time);
    final Trail trail = new Trail(rows, new NoSubjects(), time, random);
    final TicketAuthority authority = new TicketAuthority(key::getPublic, epochs, trail, time);
    final ChannelBinding channel = new ChannelBinding(random.bytes(32));
    final ChannelBinding process = new ChannelBinding(random.bytes(32));
    final TenantId tenant = new TenantId(random.uuid());
    final MailboxId mailbox = new MailboxId(random.uuid());
    final AccountId account = new AccountId(random.uuid());

    Ticket.User user(Operation... operations) {
        return new Ticket.User(
                random.uuid(),
                tenant,
                account,
                mailbox,
                new SessionId(random.uuid()),
                1,
                START,
                Set.of(operations),
                START,
                START.plusSeconds(900),
                0,
                channel.digest());
    }

    Ticket.Delegate delegate(Operation... operations) {
        return new Ticket.Delegate(
                random.uuid(),
                tenant,
                account,
                mailbox,
                new SessionId(random.uuid()),
                Set.of(operations),
                START,
                START.plusSeconds(900),
                0,
                channel.digest());
    }

    Ticket.Module module(String name, Operation... operations) {
        return new Ticket.Module(
                random.uuid(),
                name,
                random.uuid(),
                Set.of(operations),
                START,
                START.plusSeconds(900),
                0,
                process.digest());
    }

    SignedTicket sign(Ticket ticket) {
        return sign(TicketCodec.encode(ticket), key);
    }

    static SignedTicket sign(byte[] encoded, KeyPair key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(TicketCodec.toSign(encoded));
            return new SignedTicket(encoded, signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Outcome<Admission> admit(Ticket person, Ticket module) {
        return authority.admit(sign(person), sign(module), channel, process);
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Deferred<T>(var problem) -> throw new AssertionError(problem);
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem);
        };
    }

    @Override
    public void close() {
        epochs.close();
    }

    /** A clock whose wall and monotone hands are moved apart. */
    static final class Clock implements Time {
        volatile Duration wall = Duration.ZERO;
        volatile Duration mono = Duration.ZERO;

        void pass(Duration span) {
            wall = wall.plus(span);
            mono = mono.plus(span);
        }

        @Override
        public Instant instant() {
            return START.plus(wall);
        }

        @Override
        public long nanos() {
            return mono.toNanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Time.system().sleep(duration);
        }
    }

    /** Epochs in memory; the store that outlives a restart. */
    static final class Store implements EpochStore {
        private final Map<UUID, Change> rows = new HashMap<>();
        private long number;
        volatile boolean away;

        @Override
        public synchronized long current(UUID subject) {
            Change row = rows.get(subject);
            return row == null ? 0 : row.epoch();
        }

        @Override
        public synchronized long raise(UUID subject) {
            Change row = new Change(++number, subject, current(subject) + 1);
            rows.put(subject, row);
            return row.epoch();
        }

        /** A change whose number was drawn long before it was committed. */
        synchronized void late(UUID subject, long drawn) {
            rows.put(subject, new Change(drawn, subject, current(subject) + 1));
        }

        @Override
        public synchronized List<Change> since(long above) {
            if (away) {
                throw new io.mailkeep.kernel.Unavailable(
                        io.mailkeep.kernel.Problem.temporary("away", "away"));
            }
            return rows.values().stream()
                    .filter(row -> row.number() > above)
                    .sorted(java.util.Comparator.comparingLong(Change::number))
                    .toList();
        }
    }

    /** The outbox in memory; alerts, which stand beside what they are about, on their own. */
    static final class Rows implements Outbox {
        final List<Entry> entries = new ArrayList<>();
        final List<String> alerts = new ArrayList<>();
        boolean away;

        @Override
        public synchronized void append(List<Entry> more) {
            if (away) {
                throw new IllegalStateException("away");
            }
            for (Entry one : more) {
                String text = new String(one.bytes(), StandardCharsets.UTF_8);
                if (text.contains("\"tickets.forged\"")) {
                    alerts.add(text);
                } else {
                    entries.add(one);
                }
            }
        }

        @Override
        public synchronized List<Entry> take(int limit) {
            return entries.stream().limit(limit).toList();
        }

        @Override
        public synchronized void published(Collection<UUID> ids) {
            entries.removeIf(entry -> ids.contains(entry.id()));
        }

        @Override
        public synchronized Backlog backlog() {
            return new Backlog(entries.size(), Duration.ZERO);
        }

        synchronized String last() {
            return new String(entries.getLast().bytes(), StandardCharsets.UTF_8);
        }
    }
}
