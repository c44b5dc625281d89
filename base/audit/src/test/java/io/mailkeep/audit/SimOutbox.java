package io.mailkeep.audit;

import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** The outbox: what is committed stays so; entries come in any order, and some of them late. */
final class SimOutbox implements Outbox {
    final Map<UUID, Entry> waiting = new LinkedHashMap<>();
    final Set<String> committed = new HashSet<>();
    final List<Entry> published = new ArrayList<>();
    boolean forgets = true;
    private final Randomness random;

    SimOutbox(Randomness random) {
        this.random = random;
    }

    @Override
    public void append(List<Entry> entries) {
        for (Entry entry : entries) {
            waiting.put(entry.id(), entry);
            committed.add(new String(entry.bytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public List<Entry> take(int limit) {
        List<Entry> some = new ArrayList<>(waiting.values());
        Collections.shuffle(
                some, Random.from(new SplittableRandom(random.below(Integer.MAX_VALUE))));
        int late = random.below(4) == 0 ? random.below(some.size() + 1) : 0;
        return List.copyOf(some.subList(late, some.size()));
    }

    @Override
    public void published(Collection<UUID> ids) {
        if (!forgets) {
            throw new Unavailable(Problem.temporary("away", "away"));
        }
        for (UUID id : ids) {
            Optional.ofNullable(waiting.remove(id)).ifPresent(published::add);
        }
    }

    @Override
    public Backlog backlog() {
        return new Backlog(waiting.size(), Duration.ZERO);
    }
}
