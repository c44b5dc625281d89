package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine's clock is set ahead, back, and by jitter under load, for node and PostgreSQL alike:
 * mail goes on, the log tells of it, nothing is destroyed before its time, and afterwards
 * everything is well (FLT-29). Needs libfaketime.
 */
@Claim("FLT-29")
final class WrongClock implements Row {
    private static final String RIGHT = "+0";
    private static final List<String> LIBRARIES =
            List.of("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime");

    /** As libfaketime writes it, and whether it is far enough to be told. */
    private record Shift(String written, boolean told) {}

    private static final List<Shift> SHIFTS =
            List.of(
                    new Shift("+1h", true),
                    new Shift("-1h", true),
                    new Shift("+0.5", false),
                    new Shift("-0.5", false),
                    new Shift("+10y", true),
                    new Shift("-10y", true));

    @Override
    public String id() {
        return "FLT-29";
    }

    @Override
    public String what() {
        return "the clock is set an hour and ten years ahead and back, and jitters";
    }

    @Override
    public void run(Scene scene) throws IOException {
        Site site = scene.site();
        Path clock = scene.folder().resolve("clock");
        set(clock, RIGHT);
        site.stop();
        site.wrapped(
                List.of(
                        "env",
                        "LD_PRELOAD=" + library(),
                        "DONT_FAKE_MONOTONIC=1",
                        "FAKETIME_CACHE_DURATION=1",
                        "FAKETIME_TIMESTAMP_FILE=" + clock));
        site.start();
        for (int round = 0; scene.more(round, SHIFTS.size()); round++) {
            Shift shift = SHIFTS.get(round % SHIFTS.size());
            Load load = scene.load(round, 2_000, 4_000);
            long since = LogRules.reader(site).size();
            set(clock, shift.written());
            scene.pause(5_000, 9_000);
            nothingIsDestroyed(scene, shift);
            set(clock, RIGHT);
            scene.pause(2_000, 4_000);
            scene.held(load, shift.written());
            if (shift.told()) {
                isTold(site, since, shift);
            }
            if (shift.written().endsWith("y")) {
                // tickets stay where the clock has been once; a start follows it back
                site.stop();
                site.start();
                scene.check("after a start, after " + shift.written());
            }
        }
    }

    private void nothingIsDestroyed(Scene scene, Shift shift) throws IOException {
        Ran destroyed = scene.site().cli("keys", "destroy");
        if (!destroyed.out().contains("Re-keyed around 0 messages")) {
            String what = "the word of a wrong clock destroys: " + destroyed.out().strip();
            throw new Lost("with the clock " + shift.written(), List.of(new Finding(id(), what)));
        }
    }

    private void isTold(Site site, long since, Shift shift) {
        String type =
                shift.written().startsWith("+") ? "node.clock-set-ahead" : "node.clock-set-back";
        boolean[] told = new boolean[1];
        LogRules.reader(site).stream(
                since, entry -> entry.type().equals(type), _ -> told[0] = true);
        if (!told[0]) {
            String what = "the log doesn't tell of " + type;
            throw new Lost("after " + shift.written(), List.of(new Finding(id(), what)));
        }
    }

    private static void set(Path clock, String to) throws IOException {
        Files.writeString(clock, to + "\n");
    }

    private static Path library() throws IOException {
        for (String folder : LIBRARIES) {
            Path library = Path.of(folder, "libfaketimeMT.so.1");
            if (Files.exists(library)) {
                return library;
            }
        }
        throw new IOException("this row needs libfaketime: apt-get install faketime");
    }
}
