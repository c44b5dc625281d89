package io.mailkeep.keys.internal;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.keys.TreeStore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What everything that works on the tree needs: rows, keys in memory, primitives, the key device.
 *
 * <p>Changes of the tree's shape run one at a time ({@link #alone}); against other rooms'
 * transactions they lock the rows they re-key.
 */
public final class KeyTree {
    final TreeStore store;
    final Device device;
    final Randomness randomness;
    final Time time;
    final Hpke hpke;
    final Wraps wraps;
    final Ring ring;
    private final ReentrantLock shape = new ReentrantLock();

    public KeyTree(
            TreeStore store,
            Device device,
            InstallationId installation,
            Time time,
            Randomness randomness) {
        this.store = store;
        this.device = device;
        this.time = time;
        this.randomness = randomness;
        hpke = new Hpke();
        wraps = new Wraps(installation, randomness, hpke);
        ring = new Ring(wraps);
    }

    /** The keys in memory. */
    public Ring ring() {
        return ring;
    }

    /** The key device. */
    public Device device() {
        return device;
    }

    /** The randomness that keys are made of. */
    public Randomness randomness() {
        return randomness;
    }

    /**
     * Works with keys while nobody else changes the tree's shape, and may replace any: nobody goes
     * on with remembered ones.
     */
    <T> T alone(Supplier<T> work) {
        return besides(() -> {
            try {
                return ring.use(work);
            } finally {
                ring.replaced();
            }
        });
    }

    /**
     * As {@link #alone}, for work that replaces no public key and no leaf's own key: what somebody
     * remembers of those stays true.
     */
    <T> T moving(Supplier<T> work) {
        return besides(() -> ring.use(work));
    }

    private <T> T besides(Supplier<T> work) {
        shape.lock();
        try {
            return work.get();
        } finally {
            shape.unlock();
        }
    }

    byte[] freshKey() {
        return randomness.bytes(Sealing.KEY_BYTES);
    }

    KeyId freshKeyId() {
        return new KeyId(randomness.uuid());
    }

    NodeId freshNodeId() {
        return new NodeId(randomness.uuid());
    }
}
