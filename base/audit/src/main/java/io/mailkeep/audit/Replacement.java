package io.mailkeep.audit;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A fresh folder in a lost device's place: only where nothing is lost by it. To be used on the
 * sequencer's thread, which alone uses the devices.
 *
 * @param patience how long a device may take
 */
record Replacement(
        List<Device> devices,
        InstallationId installation,
        CheckpointKey key,
        Time time,
        Duration patience) {

    /** Done with what is given if the device may be replaced, else why not. */
    Outcome<Long> possible(String role, long entries) {
        Optional<Device> found = device(role);
        if (found.isEmpty()) {
            return no("There is no audit copy \"" + role + "\": they are a and b.");
        }
        Device device = found.get();
        if (device.inUse()) {
            return no("Audit copy " + role + " is in use: there is nothing to replace.");
        }
        if (devices.stream().noneMatch(Device::inUse)) {
            return no("Neither audit copy works, so there is nothing to copy from.");
        }
        if (device.busy()) {
            return no("Audit copy " + role + " still hangs: unmount its device first.");
        }
        return ordered(device, "can't be used", device.folder::empty)
                .then(empty ->
                        empty
                                ? Outcome.done(entries)
                                : no(
                                        device.folder.path()
                                                + " isn't an empty folder. Keep what lies there"
                                                + " apart, and mount an empty device in its"
                                                + " place."));
    }

    /** Makes the empty folder a copy without entries; healing then copies all of them. */
    Outcome<Long> begin(String role, long entries) {
        return possible(role, entries).then(missing -> begun(device(role).orElseThrow(), missing));
    }

    private Outcome<Long> begun(Device device, long missing) {
        return ordered(
                        device,
                        "can't be made a copy",
                        () -> {
                            device.folder.close();
                            device.begin(installation, key);
                            return missing;
                        })
                .map(entries -> {
                    device.holds(0);
                    device.setAside("is catching up", time.nanos());
                    return entries;
                });
    }

    private Optional<Device> device(String role) {
        return devices.stream().filter(it -> it.role.equals(role)).findFirst();
    }

    /** Has a device do something that an administrator waits for. */
    private <T> Outcome<T> ordered(Device device, String complaint, Callable<T> work) {
        try {
            return Outcome.done(device.within(patience, work));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return no("Stopped while waiting for the device.");
        } catch (Exception failed) {
            return no(device.folder.path() + " " + complaint + ": " + failed.getMessage() + ".");
        }
    }

    private static <T> Outcome<T> no(String sentence) {
        return Outcome.failed(Problem.denied(sentence, "audit.replace"));
    }
}
