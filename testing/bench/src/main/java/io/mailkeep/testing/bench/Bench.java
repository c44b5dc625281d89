package io.mailkeep.testing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
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
    private static final int MAILBOXES = 64;

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

    @Option(names = "--out", paramLabel = "DIR", description = "where bench.json and bench.svg go")
    private Path out = Path.of("target/bench");

    @Option(names = "--launcher", hidden = true, required = true)
    private String launcher = "";

    private final List<Subject> subjects = new CopyOnWriteArrayList<>();
    private final Report report = new Report();

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

    private static List<DeliveryLoad> loads() {
        DeliveryLoad.Protocol smtp = DeliveryLoad.Protocol.SMTP;
        DeliveryLoad.Protocol lmtp = DeliveryLoad.Protocol.LMTP;
        return List.of(
                new DeliveryLoad(smtp, 64, 6_000, 4 << 10),
                new DeliveryLoad(smtp, 1, 1_500, 4 << 10),
                new DeliveryLoad(smtp, 4, 300, 1 << 20),
                new DeliveryLoad(lmtp, 64, 6_000, 4 << 10),
                new DeliveryLoad(lmtp, 1, 1_500, 4 << 10),
                new DeliveryLoad(lmtp, 4, 300, 1 << 20));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder =
                Files.createTempDirectory(
                        "mailkeep-bench",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwxr-xr-x")));
        // also when it is told to stop: no server and no file stays behind
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder), "bench-end"));
        start(folder);
        List<DeliveryLoad> wanted =
                loads().stream()
                        .filter(one -> Pattern.compile(rows).matcher(one.name()).find())
                        .toList();
        for (int round = 0; round <= rounds; round++) {
            for (DeliveryLoad load : wanted) {
                measure(load, round);
            }
        }
        System.out.println();
        System.out.print(report.text());
        Files.createDirectories(out);
        report.json(out.resolve("bench.json"));
        Picture.of(report, out.resolve("bench.svg"));
        System.out.println("\nWritten to " + out + ": bench.json, bench.svg");
        return 0;
    }

    private void measure(DeliveryLoad load, int round) throws IOException, InterruptedException {
        for (Subject subject : subjects) {
            if (!load.fits(subject)) {
                continue;
            }
            List<Value> values = load.run(subject);
            String which = round == 0 ? "warm-up" : "round " + round;
            String seen =
                    values.stream()
                            .map(one -> Report.number(one.amount()) + " " + one.unit())
                            .collect(Collectors.joining(", "));
            System.out.printf("%s, %s: %s: %s%n", which, subject.name(), load.name(), seen);
            if (round > 0) {
                report.add(subject.name(), values);
            }
        }
    }

    private void start(Path folder) throws IOException, InterruptedException {
        System.out.println("Starting Mailkeep …");
        subjects.add(MailkeepSubject.start(launcher, open(folder, "mailkeep"), MAILBOXES));
        if (!peers) {
            return;
        }
        for (DovecotSubject.Store store : DovecotSubject.Store.values()) {
            for (boolean encrypted : new boolean[] {false, true}) {
                System.out.println("Starting Dovecot …");
                Path own = open(folder, "dovecot-" + store + encrypted);
                subjects.add(DovecotSubject.start(own, store, encrypted, MAILBOXES));
            }
        }
        System.out.println("Starting Postfix …");
        DovecotSubject behind =
                DovecotSubject.start(
                        open(folder, "behind"), DovecotSubject.Store.MDBOX, false, MAILBOXES);
        subjects.add(PostfixSubject.start(open(folder, "postfix"), behind));
    }

    /** A folder of its own that other users may enter: peers run as some. */
    private static Path open(Path folder, String name) throws IOException {
        Path own = Files.createDirectory(folder.resolve(name));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        return own;
    }

    private void end(Path folder) {
        subjects.forEach(Subject::close);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException left) {
            System.err.println("bench: " + folder + " is left behind: " + left.getMessage());
        }
    }
}
