package io.mailkeep.keys;

import io.mailkeep.audit.SubjectCipher;
import io.mailkeep.audit.Trail;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.internal.Device;
import io.mailkeep.keys.internal.KeyTree;
import io.mailkeep.keys.internal.Nodes;
import io.mailkeep.keys.internal.Recovery;
import io.mailkeep.keys.internal.StandingLeaves;
import io.mailkeep.keys.internal.Steps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one key management system of the house. Opening it never makes new keys over old data: what
 * can't be opened stays sealed, with a sentence that says what to do.
 *
 * <p>Order of construction: {@code Keys.open}, then {@code new Trail(…, keys.subjects(), …)}, then
 * {@code keys.admin(trail)}.
 */
@Claim({"DAT-4", "DAT-5", "ACC-4", "ATK-103"})
public final class Keys implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Keys.class);

    private final KeyTree tree;
    private final Recovery recovery;
    private final Nodes nodes;
    private final StandingLeaves standing;
    private final DeliveryKeys delivery;
    private final ReadingKeys reading;
    private final TicketIssuer issuer;
    private final KeyDevice device;

    private Keys(
            KeysSettings settings, TreeStore store, Time time, Randomness randomness, Steps steps) {
        Device folders =
                new Device(settings.a(), settings.b(), settings.installation(), randomness, steps);
        tree = new KeyTree(store, folders, settings.installation(), time, randomness);
        recovery = new Recovery(tree, settings.mayBegin(), settings.checkpointAhead());
        nodes = new Nodes(tree);
        standing = new StandingLeaves(tree, nodes);
        delivery = new DeliveryKeys(tree, nodes);
        reading = new ReadingKeys(tree, nodes, standing);
        issuer = new TicketIssuer(time, randomness);
        device = new KeyDevice(folders);
    }

    /**
     * Opens the key device, goes through the crash table, and unseals from the key file.
     *
     * @throws io.mailkeep.kernel.Unavailable if the database doesn't answer
     */
    public static Keys open(
            KeysSettings settings, TreeStore tree, Time time, Randomness randomness) {
        return open(settings, tree, time, randomness, Steps.UNHEARD);
    }

    static Keys open(
            KeysSettings settings, TreeStore tree, Time time, Randomness randomness, Steps steps) {
        Keys keys = new Keys(settings, tree, time, randomness, steps);
        switch (keys.recovery.unseal()) {
            case KeysState.Unsealed() ->
                    log.atWarn()
                            .log(
                                    "Keys unsealed from the key file: whoever has the key folders"
                                            + " can open the data.");
            case KeysState.Sealed(String reason, String advice) ->
                    log.atError()
                            .addKeyValue("reason", reason)
                            .addKeyValue("advice", advice)
                            .log("Keys stay sealed.");
        }
        return keys;
    }

    KeyTree tree() {
        return tree;
    }

    Recovery recovery() {
        return recovery;
    }

    /** Whether anything can be opened. */
    public KeysState state() {
        return tree.ring().state();
    }

    /** For the delivering modules. */
    public DeliveryKeys delivery() {
        return delivery;
    }

    /** For what reads. */
    public ReadingKeys reading() {
        return reading;
    }

    /** For the audit log's personal fields. */
    public SubjectCipher subjects() {
        return standing;
    }

    /** For sign-in and module tickets. */
    public TicketIssuer issuer() {
        return issuer;
    }

    /** Named secrets and the remembered checkpoint. */
    public KeyDevice device() {
        return device;
    }

    /** For administration and background upkeep; tells the trail how the keys were unsealed. */
    public KeyAdmin admin(Trail trail) {
        KeyAdmin admin = new KeyAdmin(tree, recovery, trail);
        admin.tellStart();
        return admin;
    }

    /** Wipes the keys in memory. */
    @Override
    public void close() {
        tree.ring().seal("The keys were closed with the server.", "Start it again.");
    }
}
