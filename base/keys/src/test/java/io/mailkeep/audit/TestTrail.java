package io.mailkeep.audit;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A real trail over an outbox in memory that publishes at once, or says why it can't. */
public final class TestTrail implements Outbox {
    private final List<Entry> told = new ArrayList<>();
    private final Trail trail;
    private Optional<String> outOfOrder = Optional.empty();

    public TestTrail(SubjectCipher subjects) {
        trail = new Trail(this, subjects, Time.system(), Randomness.system());
        trail.publisher(
                Optional.of(
                        new Trail.Publisher(
                                () -> outOfOrder, this::publish, Duration.ofSeconds(5))));
    }

    /** The trail. */
    public Trail trail() {
        return trail;
    }

    /** From now on nothing is published. */
    public void breakDown() {
        outOfOrder = Optional.of("both devices are away");
    }

    /** Everything told so far, as the log would hold it. */
    public List<String> told() {
        return told.stream().map(one -> new String(one.bytes(), StandardCharsets.UTF_8)).toList();
    }

    private void publish() {
        List.copyOf(told).forEach(entry -> trail.published(entry.id()));
    }

    @Override
    public void append(List<Entry> entries) {
        told.addAll(entries);
    }

    @Override
    public List<Entry> take(int limit) {
        return List.of();
    }

    @Override
    public void published(Collection<UUID> ids) {}

    @Override
    public Backlog backlog() {
        return new Backlog(0, Duration.ZERO);
    }
}
