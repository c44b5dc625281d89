package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network that delays, splits, stalls, throttles and resets: slower only, nothing lost (FLT-31).
 */
@Claim("FLT-31")
final class BadNetwork implements Row {
    private static final List<Integer> SERVICES = List.of(24, 25, 993);

    @Override
    public String id() {
        return "FLT-31";
    }

    @Override
    public String what() {
        return "a network that delays, splits, stalls, throttles and resets";
    }

    @Override
    public void run(Scene scene) throws IOException {
        List<FaultyProxy> proxies = new ArrayList<>();
        try {
            for (int service : SERVICES) {
                FaultyProxy proxy =
                        new FaultyProxy(scene.site().ownPort(service), scene.randomness(service));
                proxies.add(proxy);
                scene.site().door(service, proxy.port());
            }
            List<FaultyProxy.Mood> moods = List.of(FaultyProxy.Mood.values());
            for (int round = 0; scene.more(round, moods.size()); round++) {
                FaultyProxy.Mood mood = moods.get(round % moods.size());
                proxies.forEach(proxy -> proxy.mood(mood));
                Load load = scene.load(round, 4_000, 8_000);
                load.stop();
                proxies.forEach(proxy -> proxy.mood(FaultyProxy.Mood.FINE));
                scene.check("after " + mood);
                System.out.println("  " + mood + ": " + scene.figures());
            }
        } finally {
            for (int service : SERVICES) {
                scene.site().door(service, scene.site().ownPort(service));
            }
            for (FaultyProxy proxy : proxies) {
                proxy.close();
            }
        }
    }
}
