package io.mailkeep.api;

import static io.mailkeep.api.Refusal.orRefuse;

import io.mailkeep.audit.Event;
import io.mailkeep.identity.Directory;
import io.mailkeep.identity.Recipient;
import io.mailkeep.identity.Resolution;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.KeyAdmin;
import io.mailkeep.keys.KeyScope;
import io.mailkeep.keys.KeysState;
import io.mailkeep.keys.KeysStatus;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The key tree over HTTP: state, seal, unseal, rotate, destroy, a key folder that is lost. */
@RestController
@RequestMapping("/v1/keys")
public final class KeysController {
    private final KeyAdmin keys;
    private final Directory directory;
    private final AdminAccess access;
    private final Supplier<Instant> kept;
    private final Supplier<Instant> now;

    /**
     * {@code kept}: what was expunged before then was kept long enough for {@code destroy} without
     * {@code now}.
     */
    public KeysController(
            KeyAdmin keys,
            Directory directory,
            AdminAccess access,
            Supplier<Instant> kept,
            Supplier<Instant> now) {
        this.keys = keys;
        this.directory = directory;
        this.access = access;
        this.kept = kept;
        this.now = now;
    }

    /**
     * What to rotate: {@code root}, {@code company} or {@code class} with a domain, {@code account}
     * with an address.
     */
    public record Rotation(String level, String what, String dataClass) {
        @com.fasterxml.jackson.annotation.JsonCreator
        static Rotation of(
                @com.fasterxml.jackson.annotation.JsonProperty("level") String level,
                @com.fasterxml.jackson.annotation.JsonProperty("what") String what,
                @com.fasterxml.jackson.annotation.JsonProperty("class") String dataClass) {
            return new Rotation(level, what, dataClass);
        }
    }

    /** {@code now}: everything expunged, with two epoch changes in a row. */
    public record Destruction(boolean now) {}

    /** A key folder that won't come back: {@code a} or {@code b}. */
    public record LostFolder(String folder) {}

    private Access keysAccess() {
        return access.to(Operation.KEYS, Event.INSTALLATION);
    }

    @GetMapping
    Map<String, Object> state() {
        return shown(keys.status(keysAccess()), "");
    }

    @PostMapping("seal")
    Map<String, Object> seal() {
        orRefuse(keys.seal(keysAccess()));
        return shown(
                keys.status(keysAccess()),
                "Sealed: mail gets 451, sign-in is refused with a sentence, nothing opens.");
    }

    @PostMapping("unseal")
    Map<String, Object> unseal() {
        orRefuse(keys.unseal(keysAccess()));
        return shown(keys.status(keysAccess()), "");
    }

    @PostMapping("rotate")
    Map<String, Object> rotate(@RequestBody Rotation request) {
        long epoch = orRefuse(keys.rotate(keysAccess(), scope(request)));
        return shown(
                keys.status(keysAccess()),
                "Rotated; the epoch is now "
                        + epoch
                        + ". The old key opens nothing delivered from now on.");
    }

    @PostMapping("destroy")
    Map<String, Object> destroy(@RequestBody Destruction request) {
        Instant before = request.now() ? now.get() : kept.get();
        KeyAdmin.Destroyed done = orRefuse(keys.destroy(keysAccess(), before, request.now()));
        return shown(
                keys.status(keysAccess()),
                "Re-keyed around "
                        + done.rekeyed()
                        + " messages; "
                        + done.complete()
                        + " destroyed for good, "
                        + done.waiting()
                        + " waiting for the next epoch change.");
    }

    @PostMapping("lost")
    Map<String, Object> lost(@RequestBody LostFolder request) {
        if (!List.of("a", "b").contains(request.folder())) {
            throw new Refusal(
                    400, "There is no key folder \"" + request.folder() + "\": write a or b.");
        }
        orRefuse(keys.declareLost(keysAccess(), request.folder()));
        return shown(
                keys.status(keysAccess()),
                "Key folder "
                        + request.folder()
                        + " was declared lost. A fresh one was made at its path and filled from"
                        + " the other one. Should the old one turn up, destroy it: whoever has it"
                        + " and an old copy of the data may open what was destroyed since. Put back"
                        + " at its path it is overwritten, never read.");
    }

    private KeyScope scope(Rotation request) {
        return switch (request.level()) {
            case "root" -> new KeyScope.Root();
            case "company" -> new KeyScope.OfTenant(tenant(request.what()));
            case "class" ->
                    new KeyScope.OfClass(tenant(request.what()), dataClass(request.dataClass()));
            case "account" -> {
                Recipient recipient = recipient(request.what());
                yield new KeyScope.OfMailbox(recipient.tenant(), recipient.mailbox());
            }
            default ->
                    throw new Refusal(
                            400,
                            "\""
                                    + request.level()
                                    + "\" can't be rotated: write root, company, class or account.");
        };
    }

    private static DataClass dataClass(String text) {
        try {
            return DataClass.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    400,
                    "\""
                            + text
                            + "\" is no data class: write public, internal, sensitive or critical.");
        }
    }

    private TenantId tenant(String domain) {
        return directory.tenants(access.to(Operation.DIRECTORY, Event.INSTALLATION)).stream()
                .filter(one -> one.domains().contains(domain))
                .findFirst()
                .orElseThrow(
                        () -> new Refusal(404, "No company has the domain \"" + domain + "\"."))
                .id();
    }

    private Recipient recipient(String text) {
        EmailAddress address =
                EmailAddress.parse(text)
                        .orElseThrow(
                                () -> new Refusal(400, "\"" + text + "\" isn't a mail address."));
        Resolution resolution =
                directory.resolve(access.to(Operation.RESOLVE, Event.INSTALLATION), address);
        if (resolution instanceof Resolution.Local(Recipient recipient)) {
            return recipient;
        }
        throw new Refusal(404, "There is no account with the address \"" + text + "\".");
    }

    private static Map<String, Object> shown(KeysStatus status, String done) {
        Map<String, Object> shown = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        if (!done.isEmpty()) {
            shown.put("done", done);
        }
        switch (status.state()) {
            case KeysState.Unsealed() -> shown.put("sealed", false);
            case KeysState.Sealed(String reason, String advice) -> {
                shown.put("sealed", true);
                shown.put("reason", reason);
                shown.put("advice", advice);
            }
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        status.epoch()
                .ifPresent(epoch ->
                        facts.put("epoch", epoch.epoch() + " (and " + epoch.other() + " kept)"));
        for (KeysStatus.Folder folder : status.folders()) {
            facts.put(
                    "key folder " + folder.role(),
                    folder.path() + ", epochs " + folder.epochs() + ", committed " + folder.mark());
            if (!folder.problem().isEmpty()) {
                warnings.add("key folder " + folder.role() + ": " + folder.problem());
            }
        }
        status.levels().forEach((level, count) -> facts.put("keys: " + level, count));
        status.leaves().forEach((kind, count) -> facts.put("leaves: " + kind, count));
        status.pending()
                .forEach(pending ->
                        facts.put(
                                pending.epoch() == 0
                                        ? "taken out, to be destroyed"
                                        : "re-keyed in epoch " + pending.epoch(),
                                pending.leaves()
                                        + ", complete after "
                                        + pending.changesLeft()
                                        + (pending.changesLeft() == 1
                                                ? " more epoch change"
                                                : " more epoch changes")));
        shown.put("facts", facts);
        shown.put("warnings", warnings);
        return shown;
    }
}
