package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./mailkeep torture}: faults under load, and whether anything was lost. */
@Command(
        name = "torture",
        mixinStandardHelpOptions = true,
        description =
                "Starts a node on scratch data, puts it under load, brings faults about, and holds"
                        + " the rules N1 to N8 against a ledger kept outside of it.")
public final class Torture implements Callable<Integer> {
    static final List<Row> ROWS =
            List.of(
                    new KillNode(),
                    new KillAtStep(),
                    new KillAtStart(),
                    new KillPostgres(),
                    new Pause(),
                    new FailingDisk(),
                    new BitFlip(),
                    new GarbageTail(),
                    new FewDescriptors(),
                    new BadNetwork(),
                    new WrongClock(),
                    new Herd(),
                    new SealedKeys(),
                    new LostAuditDevice());
    private static final int SEEDS = 1_000_000_000;

    @Option(
            names = "--rows",
            paramLabel = "REGEX",
            description = "only the rows whose id this matches, such as FLT-01|FLT-04")
    private String rows = "";

    @Option(names = "--seed", paramLabel = "S", description = "replays the moments of a run")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "how long each row goes on (default: its usual rounds)")
    private long minutes = 0;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how many rounds each row has, without --minutes")
    private int rounds = 0;

    @Option(names = "--list", description = "only show the rows")
    private boolean list;

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    private volatile Optional<Scene> open = Optional.empty();

    private Torture() {}

    /** Ends with 0 if everything held. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Torture());
        line.setExecutionExceptionHandler((failed, command, parsed) -> {
            System.err.println("torture: " + failed.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Pattern wanted = Pattern.compile(rows);
        List<Row> picked = ROWS.stream().filter(row -> wanted.matcher(row.id()).find()).toList();
        if (list || picked.isEmpty()) {
            ROWS.forEach(row -> System.out.println(row.id() + "  " + row.what()));
            return list ? 0 : 2;
        }
        long chosen = seed.orElseGet(() -> (long) Randomness.system().below(SEEDS));
        System.out.println("Seed " + chosen + "; preparing an installation …");
        Path folder = Files.createTempDirectory("mailkeep-torture");
        // also when it is told to stop: no process stays behind
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "torture-end"));
        Stage stage = new Stage(launcher, folder);
        int failed = 0;
        for (Row row : picked) {
            failed += run(row, stage, chosen) ? 0 : 1;
        }
        if (failed == 0) {
            Stage.remove(folder);
            System.out.println("Everything held.");
        }
        return failed == 0 ? 0 : 1;
    }

    private boolean run(Row row, Stage stage, long chosen) throws IOException {
        System.out.println(row.id() + " " + row.what());
        Extent extent = new Extent(rounds, Duration.ofMinutes(minutes));
        try (Scene scene = stage.scene(row.id(), chosen, extent)) {
            open = Optional.of(scene);
            row.run(scene);
            scene.finish();
            System.out.println("  held: " + scene.figures());
        } catch (IOException | Lost | AssertionError failed) {
            System.out.println("  FAILED " + failed.getMessage());
            System.out.println("  Its data and ledger: " + stage.folder(row.id()));
            System.out.printf(
                    "  Show it again: ./mailkeep torture --rows %s --seed %d%s%n",
                    row.id(), chosen, minutes > 0 ? " --minutes " + minutes : "");
            return false;
        } finally {
            open = Optional.empty();
        }
        Stage.remove(stage.folder(row.id()));
        return true;
    }

    private void end() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException left) {
            System.err.println("torture: a process may be left: " + left.getMessage());
        }
    }
}
