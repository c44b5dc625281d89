package io.mailkeep.mailbox.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.keys.SealedCopy;
import io.mailkeep.mailbox.Delivery;
import io.mailkeep.mailbox.Dropbox.Place;
import io.mailkeep.mailbox.Dropbox.Receipt;
import io.mailkeep.mailbox.Incoming;
import io.mailkeep.mailbox.Refusal;
import io.mailkeep.segments.Writing;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.AccessEnded;
import io.mailkeep.tickets.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Seals messages to their mailboxes, on the caller's thread, and hands them to the committer.
 *
 * <p>A copy sealed to a pair that was renewed meanwhile is sealed again, as a body of its own with
 * fresh keys: a segment record then always holds all wraps of the rows that refer to it. The
 * database asks for the delivery id before it looks at the pair, so nothing is stored twice.
 */
public final class Intake {
    private final Parts parts;
    private final Committer committer;

    public Intake(Parts parts, Committer committer) {
        this.parts = parts;
        this.committer = committer;
    }

    /** Delivers; answers in the order given. */
    public List<Outcome<Receipt>> deliver(List<Delivery> deliveries) {
        TreeMap<Integer, Outcome<Receipt>> answers = new TreeMap<>();
        TreeMap<Integer, Addressed> open = new TreeMap<>();
        for (int i = 0; i < deliveries.size(); i++) {
            switch (addressed(deliveries.get(i))) {
                case Outcome.Done<Addressed>(Addressed one) -> open.put(i, one);
                case Outcome.Deferred<Addressed>(Problem problem) ->
                        answers.put(i, Outcome.failed(problem));
                case Outcome.Refused<Addressed>(Problem problem) ->
                        answers.put(i, Outcome.failed(problem));
            }
        }
        try {
            for (int i = 0; i < parts.limits().attempts() && !open.isEmpty(); i++) {
                parts.pause(i);
                attempt(open, answers);
            }
            if (!open.isEmpty()) {
                throw Parts.contended("delivery");
            }
        } catch (Unavailable away) {
            open.keySet().forEach(i -> answers.put(i, Outcome.failed(away.problem())));
        }
        return List.copyOf(answers.values());
    }

    /** A delivery that may be made, with its keywords as bits. */
    private record Addressed(Delivery delivery, long keywords) {
        Access access() {
            return delivery.access();
        }

        Incoming message() {
            return delivery.message();
        }
    }

    private Outcome<Addressed> addressed(Delivery delivery) {
        try {
            Access access = delivery.access();
            access.require(delivery.standing().isPresent() ? Operation.DELIVER : Operation.WRITE);
            boolean same =
                    delivery.standing()
                            .map(one ->
                                    one.tenant().equals(access.tenant())
                                            && one.mailbox().equals(access.requireMailbox()))
                            .orElse(true);
            if (!same) {
                throw new AccessDenied("a standing ticket of another mailbox");
            }
            return new Keywords(parts, access)
                    .bits(delivery.flags().keywords(), true)
                    .map(bits -> new Addressed(delivery, bits));
        } catch (AccessDenied denied) {
            String why = String.valueOf(denied.getMessage());
            // a recipient was accepted: whether mail is still taken its sender learns by asking
            boolean mayAsk = denied instanceof AccessEnded && delivery.standing().isPresent();
            return Outcome.failed(
                    mayAsk
                            ? Problem.temporary("This mailbox can't take mail just now.", why)
                            : Problem.denied("You may not put mail into this mailbox.", why));
        } catch (Unavailable away) {
            return Outcome.failed(away.problem());
        }
    }

    private void attempt(Map<Integer, Addressed> open, Map<Integer, Outcome<Receipt>> answers) {
        List<Integer> order = new ArrayList<>();
        List<DropboxCalls.Copy> copies = new ArrayList<>();
        List<Writing> bodies = new ArrayList<>();
        for (Map<Integer, Addressed> same : byBody(open)) {
            seal(same, bodies, copies);
            order.addAll(same.keySet());
        }
        List<DropboxCalls.Result> results = committer.commit(new Job(bodies, copies));
        for (int i = 0; i < order.size(); i++) {
            int at = order.get(i);
            Addressed one = Objects.requireNonNull(open.get(at));
            answer(results.get(i), one)
                    .ifPresent(outcome -> {
                        answers.put(at, outcome);
                        open.remove(at);
                    });
        }
    }

    /** One body a message and tenant: stored once, whoever of the company gets it. */
    private static List<Map<Integer, Addressed>> byBody(Map<Integer, Addressed> open) {
        IdentityHashMap<Incoming, Map<TenantId, Map<Integer, Addressed>>> all =
                new IdentityHashMap<>();
        List<Map<Integer, Addressed>> bodies = new ArrayList<>();
        open.forEach((i, one) ->
                all.computeIfAbsent(one.message(), _ -> new HashMap<>())
                        .computeIfAbsent(
                                one.access().tenant(),
                                _ -> {
                                    Map<Integer, Addressed> fresh = new LinkedHashMap<>();
                                    bodies.add(fresh);
                                    return fresh;
                                })
                        .put(i, one));
        return bodies;
    }

    private void seal(
            Map<Integer, Addressed> same, List<Writing> bodies, List<DropboxCalls.Copy> copies) {
        BlobId blob = new BlobId(parts.randomness().uuid());
        CopyKeys first = parts.backing().deliveryKeys().fresh();
        List<byte[]> header = new ArrayList<>();
        Optional<Addressed> any = Optional.empty();
        for (Addressed one : same.values()) {
            CopyKeys keys = any.isEmpty() ? first : parts.backing().deliveryKeys().another(first);
            any = Optional.of(one);
            copies.add(seal(one, blob, keys, header));
        }
        Addressed one = any.orElseThrow();
        bodies.add(
                new Writing(
                        one.access(),
                        blob,
                        one.message().dataClass(),
                        one.message().body(),
                        first.body(),
                        header));
    }

    private DropboxCalls.Copy seal(Addressed one, BlobId blob, CopyKeys keys, List<byte[]> header) {
        Delivery delivery = one.delivery();
        TenantId tenant = one.access().tenant();
        MailboxId mailbox = one.access().requireMailbox();
        Incoming message = one.message();
        SealedCopy sealed =
                parts.backing()
                        .deliveryKeys()
                        .seal(one.access(), message.dataClass(), delivery.id(), keys);
        byte[] meta =
                new Meta(delivery.trace(), message.outline())
                        .seal(keys, tenant, mailbox, delivery.id());
        int flags = FlagBits.of(delivery.flags().system());
        long size = delivery.trace().length + message.body().size();
        Instant received = Parts.database(delivery.received()).toInstant();
        Optional<FolderId> folder = delivery.folder();
        header.add(
                new HeaderEntry(
                                mailbox,
                                sealed,
                                folder,
                                meta,
                                flags,
                                received,
                                size,
                                Optional.empty())
                        .encode());
        return new DropboxCalls.Copy(
                tenant,
                mailbox,
                folder,
                delivery.id(),
                blob,
                message.dataClass(),
                sealed.node(),
                sealed.pair(),
                sealed.wrap(),
                meta,
                flags,
                one.keywords(),
                received,
                parts.now().toInstant(),
                size,
                delivery.standing()
                        .map(standing -> OptionalLong.of(standing.epoch()))
                        .orElse(OptionalLong.empty()),
                parts.backing().trail().prepare(event(one, blob, size)));
    }

    private static Event event(Addressed one, BlobId blob, long size) {
        Map<String, String> facts = new TreeMap<>(one.delivery().facts());
        facts.put("mailbox", one.access().requireMailbox().toString());
        facts.put("blob", blob.toString());
        facts.put("bytes", Long.toString(size));
        facts.put("ticket", one.access().ticket().toString());
        return Event.granted(
                EventType.MAIL_DELIVERED,
                one.access().tenant(),
                one.access().actor(),
                one.delivery().id().toString(),
                facts);
    }

    /** What the caller is told; empty if the copy has to be sealed again. */
    private static Optional<Outcome<Receipt>> answer(DropboxCalls.Result result, Addressed one) {
        return switch (result) {
            case DropboxCalls.Result.Delivered(DropboxCalls.Place place) ->
                    Optional.of(Outcome.done(new Receipt(Optional.of(place(place)), false)));
            case DropboxCalls.Result.Already(Optional<DropboxCalls.Place> place) ->
                    Optional.of(Outcome.done(new Receipt(place.map(Intake::place), true)));
            case DropboxCalls.Result.StalePair() -> Optional.empty();
            case DropboxCalls.Result.Missing() ->
                    refused(
                            one.delivery().folder().isPresent()
                                    ? Refusal.NOT_THERE
                                    : Refusal.NO_MAILBOX);
            case DropboxCalls.Result.Withdrawn() -> refused(Refusal.WITHDRAWN);
            case DropboxCalls.Result.Exhausted() -> refused(Refusal.LIMIT_UIDS);
        };
    }

    private static Optional<Outcome<Receipt>> refused(Refusal refusal) {
        return Optional.of(Outcome.failed(refusal.problem()));
    }

    private static Place place(DropboxCalls.Place place) {
        return new Place(place.folder(), place.uidValidity(), place.uid(), place.modSeq());
    }
}
