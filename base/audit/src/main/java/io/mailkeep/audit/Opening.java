package io.mailkeep.audit;

import io.mailkeep.audit.internal.Checkpoint;
import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.audit.internal.Note;
import io.mailkeep.audit.internal.TilePath;
import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes sure, before anything is written, that the folders hold this log and all of it. */
final class Opening {
    private static final Duration CHECK_AT_MOST = Duration.ofSeconds(60);
    private static final Pattern HEAD =
            Pattern.compile(
                    "\\{\"id\":\"(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})"
                            + "(?:\",\"at\":\"([^\"]+)\")?");
    private static final int HEAD_OCTETS = 128;

    private final List<Device> devices;
    private final InstallationId installation;
    private final CheckpointKey key;
    private final Note.Verifier verifier;
    private final RememberedCheckpoint remembered;
    private final Time time;
    private final AuditLimits limits;
    private final List<Device> lost = new ArrayList<>();
    private Frontier tree = Frontier.empty();
    private List<UUID> tail = List.of();
    private Optional<Instant> newest = Optional.empty();

    Opening(
            List<Device> devices,
            InstallationId installation,
            CheckpointKey key,
            RememberedCheckpoint remembered,
            Time time,
            AuditLimits limits) {
        this.devices = devices;
        this.installation = installation;
        this.key = key;
        this.verifier = Note.Verifier.parse(key.verifierKey());
        this.remembered = remembered;
        this.time = time;
        this.limits = limits;
    }

    Frontier tree() {
        return tree;
    }

    List<UUID> tail() {
        return tail;
    }

    /** When the newest entry was written, as it says itself. */
    Optional<Instant> newest() {
        return newest;
    }

    List<Device> lost() {
        return lost;
    }

    void check() {
        Optional<String> known = remembered.read();
        List<Device> missing = new ArrayList<>();
        for (Device device : devices) {
            on(device, limits.deviceDeadline(), () -> blank(device))
                    .filter(blank -> blank)
                    .ifPresent(blank -> missing.add(device));
        }
        if (known.isEmpty() && lost.isEmpty() && mayBegin(missing)) {
            missing.forEach(this::begin);
            remembered.write(key.sign(0, Merkle.empty()));
        }
        List<LogVerifier.Copy> copies = new ArrayList<>();
        for (Device device : devices) {
            on(device, limits.deviceDeadline(), () -> taken(device));
        }
        for (Device device : devices) {
            if (!lost.contains(device)) {
                on(device, CHECK_AT_MOST, () -> scanned(device)).ifPresent(copies::add);
            }
        }
        LogVerifier.Copy longest = sound(copies, known);
        for (Device device : devices) {
            copies.stream()
                    .filter(copy -> copy.folder() == device.folder)
                    .findFirst()
                    .ifPresent(copy -> admit(device, copy, longest));
        }
    }

    private Boolean blank(Device device) throws IOException {
        return device.folder.blank();
    }

    /** Only a log without an entry may be begun, or its beginning finished. */
    private boolean mayBegin(List<Device> missing) {
        for (Device device : devices) {
            if (!missing.contains(device)) {
                LogVerifier.Copy copy = LogVerifier.check(device.folder, verifier, 0);
                if (copy.size() > 0 || !copy.intact()) {
                    return false;
                }
            }
        }
        return true;
    }

    private void begin(Device device) {
        try {
            device.begin(installation, key);
        } catch (IOException failed) {
            throw new AuditRefused(
                    "The audit folder "
                            + device.folder.path()
                            + " can't be made: "
                            + failed.getMessage()
                            + ".");
        }
    }

    private Boolean taken(Device device) throws IOException {
        device.folder.check(installation, device.role);
        device.folder.lock();
        device.folder.settle();
        return true;
    }

    private LogVerifier.Copy scanned(Device device) throws IOException {
        long size =
                device.folder
                        .checkpoint()
                        .flatMap(note -> Note.checkpoint(note, verifier))
                        .map(Checkpoint::size)
                        .orElse(0L);
        return LogVerifier.check(
                device.folder, verifier, Math.max(0, size - limits.verifyAtStart()));
    }

    private LogVerifier.Copy sound(List<LogVerifier.Copy> copies, Optional<String> known) {
        if (copies.isEmpty()) {
            throw new AuditRefused("Neither audit device answers. Mount at least one.");
        }
        LogVerifier.Copy longest =
                copies.stream()
                        .max(java.util.Comparator.comparingLong(LogVerifier.Copy::size))
                        .orElseThrow();
        boolean bad = copies.stream().anyMatch(copy -> !copy.intact());
        boolean forked = copies.stream().anyMatch(copy -> !LogVerifier.prefix(copy, longest));
        LogVerifier.Verdict whole =
                LogVerifier.compare(bad || forked ? copies : List.of(longest), known, verifier);
        if (!whole.sound()) {
            throw new AuditRefused(
                    "The audit log isn't what was published. "
                            + String.join(" ", whole.sentences())
                            + " Keep the folders as they are and see `mailkeep audit verify`.");
        }
        return longest;
    }

    private void admit(Device device, LogVerifier.Copy copy, LogVerifier.Copy longest) {
        device.holds(copy.size());
        if (copy.equals(longest)) {
            try {
                tree = Frontier.load(copy.folder(), copy.size(), copy.size());
                readTail(copy);
            } catch (IOException failed) {
                throw new AuditRefused(
                        copy.name() + " can't be read: " + failed.getMessage() + ".");
            }
        } else if (copy.size() < longest.size()) {
            device.setAside("is catching up", time.nanos());
        }
    }

    /** The newest entries' ids, so that what is replayed after a crash is known, and their time. */
    private void readTail(LogVerifier.Copy copy) throws IOException {
        List<UUID> ids = new ArrayList<>();
        Optional<Head> last = Optional.empty();
        long first = Math.max(0, copy.size() - Sequencer.recentMax()) / TilePath.WIDTH;
        for (long bundle = first; bundle * TilePath.WIDTH < copy.size(); bundle++) {
            for (byte[] entry : copy.folder().bundle(bundle, copy.size()).require()) {
                last = head(entry);
                last.ifPresent(head -> ids.add(head.id()));
            }
        }
        tail = ids;
        newest = last.flatMap(Head::time);
    }

    /** How an entry begins. */
    private record Head(UUID id, Optional<String> at) {
        Optional<Instant> time() {
            try {
                return at.map(Instant::parse);
            } catch (DateTimeParseException notOurs) {
                return Optional.empty();
            }
        }
    }

    private static Optional<Head> head(byte[] entry) {
        Matcher head =
                HEAD.matcher(
                        new String(
                                entry,
                                0,
                                Math.min(entry.length, HEAD_OCTETS),
                                StandardCharsets.UTF_8));
        return head.lookingAt()
                ? Optional.of(
                        new Head(
                                UUID.fromString(head.group(1)), Optional.ofNullable(head.group(2))))
                : Optional.empty();
    }

    /** Work on a device; empty, and the device set aside, if it hangs or fails. */
    private <T> Optional<T> on(
            Device device, Duration deadline, java.util.concurrent.Callable<T> work) {
        if (lost.contains(device)) {
            return Optional.empty();
        }
        try {
            return Optional.of(device.within(deadline, work));
        } catch (AuditRefused refused) {
            throw refused;
        } catch (TimeoutException hangs) {
            device.setAside("doesn't answer: it hangs or is blocked", time.nanos());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            device.setAside("was stopped", time.nanos());
        } catch (Exception failed) {
            device.setAside("failed: " + failed.getMessage(), time.nanos());
        }
        lost.add(device);
        return Optional.empty();
    }
}
