package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./mailkeep bench}: measures this build, beside its peers if asked. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures Mailkeep on this machine, beside Dovecot and Postfix if asked, and writes"
                        + " a table, JSON and a picture.")
public final class Bench implements Callable<Integer> {
    /** Passes of the same work until it doesn't get faster any more, or was tried enough. */
    private static final int WARM_PASSES_LEAST = 2;

    private static final int WARM_PASSES_MOST = 6;
    private static final double WARM_DIFFERENCE = 0.05;

    @Option(names = "--peers", description = "measure Debian's Dovecot and Postfix too")
    private boolean peers;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "interleaved rounds after the warm-up; medians are shown")
    private int rounds = 3;

    @Option(
            names = "--rows",
            paramLabel = "WORDS",
            description = "only the work whose name contains this, such as \"64 connections\"")
    private String rows = "";

    @Option(
            names = "--divide",
            paramLabel = "N",
            description =
                    "N times fewer messages and connections, to try the benchmark out: the figures"
                            + " mean little then")
    private int divide = 1;

    @Option(names = "--out", paramLabel = "DIR", description = "where bench.json and bench.svg go")
    private Path out = Path.of("target/bench");

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    private final List<Subject> subjects = new CopyOnWriteArrayList<>();
    private final Report report = new Report();
    private boolean complete = true;

    /** Told to stop: servers go, and what then fails isn't theirs. */
    private volatile boolean ending;

    private Bench() {}

    /** Ends with 0 if everything was measured. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((failed, command, parsed) -> {
            System.err.println("bench: " + failed.getMessage());
            if (failed.getCause() != null) {
                System.err.println("  because of " + failed.getCause());
            }
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    private List<Load> loads() {
        DeliveryLoad.Protocol smtp = DeliveryLoad.Protocol.SMTP;
        DeliveryLoad.Protocol lmtp = DeliveryLoad.Protocol.LMTP;
        // the virtual machine compiles for some 20,000 messages: two passes of the first work
        return List.of(
                new DeliveryLoad(smtp, 64, part(10_000), 4 << 10),
                new DeliveryLoad(smtp, 1, part(1_500), 4 << 10),
                new DeliveryLoad(smtp, 4, part(300), 1 << 20),
                new DeliveryLoad(lmtp, 64, part(10_000), 4 << 10),
                new DeliveryLoad(lmtp, 1, part(1_500), 4 << 10),
                new DeliveryLoad(lmtp, 4, part(300), 1 << 20),
                new AppendLoad(part(10_000), 4 << 10, 1, 0),
                new AppendLoad(part(2_000), 20_000, 0, 1.05),
                new AppendLoad(part(10_000), 2_000, 0, 1.15),
                new ExistsLoad(16, part(16)),
                new BodiesLoad(part(1_000), 20 << 10),
                new SelectLoad(
                        List.of(part(1_000), part(10_000), part(100_000)), Math.max(3, part(21))),
                ListingLoad.flags(part(100_000)),
                ListingLoad.envelopes(part(100_000)),
                new ConnectionsLoad(part(5_000)),
                new StartLoad());
    }

    private int part(int count) {
        return Math.max(1, count / divide);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (divide < 1 || rounds < 1) {
            throw new IOException("--divide and --rounds take numbers from 1 on");
        }
        List<Load> wanted =
                loads().stream()
                        .filter(one -> Pattern.compile(rows).matcher(one.name()).find())
                        .toList();
        if (wanted.isEmpty()) {
            List<String> names = loads().stream().map(Load::name).toList();
            throw new IOException("no row contains \"" + rows + "\"; there are " + names);
        }
        wanted.forEach(load -> report.aim(load.goals()));
        Path folder = Folders.run();
        // also when it is told to stop: no server and no file stays behind
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder), "bench-end"));
        start(folder);
        List<Load> warm = wanted.stream().filter(load -> !load.startsAnew()).toList();
        each(warm, Load::prepare);
        each(warm, this::warm);
        rounds(warm);
        rounds(wanted.stream().filter(Load::startsAnew).toList());
        System.out.println();
        if (divide > 1) {
            System.out.println("Tried out with " + divide + " times fewer messages:");
        }
        System.out.print(report.text());
        Files.createDirectories(out);
        report.json(out.resolve("bench.json"), rounds, divide);
        Picture.of(report, out.resolve("bench.svg"));
        System.out.println("\nWritten to " + out + ": bench.json, bench.svg");
        return complete ? 0 : 1;
    }

    /** One step of one load at one server. */
    private interface Step {
        void run(Load load, Subject subject) throws IOException, InterruptedException;
    }

    /**
     * All loads in turn, each at all servers; one that fails is told, and left out from then on.
     */
    private void each(List<Load> loads, Step step) throws InterruptedException {
        for (Load load : loads) {
            for (Subject subject : subjects) {
                if (!load.fits(subject) || report.isLost(load.name(), subject.name())) {
                    continue;
                }
                if (ending) {
                    throw new InterruptedException("told to stop");
                }
                try {
                    step.run(load, subject);
                } catch (IOException failed) {
                    if (ending) {
                        throw new InterruptedException("told to stop");
                    }
                    String why = String.valueOf(failed.getMessage()).strip();
                    System.out.println("not measured: " + why);
                    report.lose(load.name(), subject.name(), why);
                    complete = false;
                }
            }
        }
    }

    private void warm(Load load, Subject subject) throws IOException, InterruptedException {
        double last = 0;
        for (int pass = 1; pass <= WARM_PASSES_MOST; pass++) {
            double now = once(load, subject, "warm-up " + pass).getFirst().amount();
            boolean steady = Math.abs(now - last) < WARM_DIFFERENCE * Math.max(now, last);
            if (pass >= WARM_PASSES_LEAST && steady) {
                return;
            }
            last = now;
        }
    }

    private void rounds(List<Load> loads) throws InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            String which = "round " + round;
            each(loads, (load, subject) -> report.add(subject.name(), once(load, subject, which)));
        }
    }

    private static List<Value> once(Load load, Subject subject, String which)
            throws IOException, InterruptedException {
        say(which + ", " + subject.name() + ": " + load.name() + " ");
        List<Value> values = load.run(subject);
        System.out.println(
                values.stream()
                        .map(one -> Report.number(one.amount()) + " " + one.unit())
                        .collect(Collectors.joining(", ")));
        return values;
    }

    private static void say(String beginning) {
        System.out.print(beginning);
        System.out.flush();
    }

    private void start(Path folder) throws IOException, InterruptedException {
        System.out.println("Starting Mailkeep …");
        begin(new MailkeepSubject(launcher, Folders.in(folder, "mailkeep")));
        if (!peers) {
            return;
        }
        List<Path> missing =
                DovecotSubject.PROGRAMS.stream().filter(one -> !Files.isExecutable(one)).toList();
        if (!missing.isEmpty()) {
            leaveOut("Dovecot and Postfix", "not installed: " + missing);
            return;
        }
        System.out.println("Starting Dovecot …");
        for (DovecotSubject.Store store : DovecotSubject.Store.values()) {
            for (boolean encrypted : new boolean[] {false, true}) {
                Path own = Folders.in(folder, "dovecot-" + store + encrypted);
                begin(new DovecotSubject(own, store, encrypted));
            }
        }
        if (!Files.isExecutable(PostfixSubject.PROGRAM)) {
            leaveOut("Postfix", "not installed: " + PostfixSubject.PROGRAM);
        } else if (!"root".equals(System.getProperty("user.name"))) {
            leaveOut("Postfix", "only root can start it");
        } else {
            System.out.println("Starting Postfix …");
            DovecotSubject behind =
                    new DovecotSubject(
                            Folders.in(folder, "behind"), DovecotSubject.Store.MDBOX, false);
            behind.start();
            subjects.add(PostfixSubject.start(Folders.in(folder, "postfix"), behind));
        }
    }

    private void begin(MailStore store) throws IOException, InterruptedException {
        // before it starts: a start that fails is ended too
        subjects.add(store);
        store.start();
    }

    private void leaveOut(String peer, String why) {
        System.out.println(peer + " left out: " + why);
        report.lose("all rows", peer, why);
    }

    private void end(Path folder) {
        ending = true;
        subjects.forEach(Subject::close);
        // what a row had just started and couldn't end
        try (Stream<ProcessHandle> left = ProcessHandle.current().descendants()) {
            left.forEach(ProcessHandle::destroy);
        }
        try {
            Folders.delete(folder);
        } catch (IOException left) {
            System.err.println("bench: " + folder + " is left behind: " + left.getMessage());
        }
    }
}
