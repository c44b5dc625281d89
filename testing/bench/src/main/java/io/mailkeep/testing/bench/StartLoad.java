package io.mailkeep.testing.bench;

import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.util.List;

/** From the command that starts a server until it greets whoever reads mail. */
record StartLoad() implements Load {
    private static final String WARM = "ready after start, warm";
    private static final String EVER = "ready after the first start ever";

    @Override
    public String name() {
        return "ready after start";
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal.Limit(WARM, 2), new Goal.Limit(EVER, 6));
    }

    @Override
    public boolean startsAnew() {
        return true;
    }

    @Override
    public List<Value> run(Subject subject) throws IOException, InterruptedException {
        MailStore store = (MailStore) subject;
        store.stop();
        double warm = seconds(store);
        try (MailStore another = store.another()) {
            return List.of(
                    new Value(WARM, "s", false, warm),
                    new Value(EVER, "s", false, seconds(another)));
        }
    }

    private static double seconds(MailStore store) throws IOException, InterruptedException {
        long begun = Time.system().nanos();
        store.start();
        return (Time.system().nanos() - begun) / 1e9;
    }
}
