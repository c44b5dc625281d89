package io.mailkeep.node.internal.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailkeep.identity.Directory;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code mailkeep account import}: makes an account for each row of a file, as {@code account add}
 * makes one. A run that was cut off is simply run again; a generated password is on the device
 * before its account is made, so that none is lost. No password is printed or logged (ATK-106).
 */
@Command(
        name = "import",
        description = {
            "Add an account for each row of a CSV file (UTF-8, separated by commas).",
            "Its first line names the columns: address, and if you like name and password. Without"
                    + " a name, the account is named as its address before the @.",
            "Accounts that exist are left as they are, so a run that was cut off is simply run"
                    + " again. The exit status is 1 if a row was refused, else 0."
        })
final class Import extends Remote {
    /**
     * Rows at once. The node computes two passwords at a time: two rows keep it busy, and whoever
     * signs in meanwhile waits for them alone.
     */
    private static final int LANES = 2;

    private static final long TELL_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int TRIES = 10;

    @Parameters(index = "0", paramLabel = "FILE", description = "The CSV file.")
    private Path file = Path.of("");

    @Option(
            names = "--dry-run",
            description = "Check each row and say what would become of it; change nothing.")
    private boolean dryRun;

    @Option(
            names = "--passwords",
            paramLabel = "FILE",
            description =
                    "Where generated passwords are written, for you alone to read; must not exist"
                            + " yet. Needed if a row has no password.")
    private Optional<Path> passwords = Optional.empty();

    private final Time time = Time.system();
    private final Randomness randomness = Randomness.system();

    private final List<Line> lines = new ArrayList<>();

    /** Why no further row is tried. */
    private final AtomicReference<Optional<String>> ended = new AtomicReference<>(Optional.empty());

    /** What became of a row. */
    private enum Fate {
        MADE("made", "made"),
        FREE("can be made", "to be made"),
        EXISTS("exists already", "existed already"),
        REFUSED("refused", "refused"),
        LEFT("not done", "not done");

        private final String one;
        private final String many;

        Fate(String one, String many) {
            this.one = one;
            this.many = many;
        }

        String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Told(Fate fate, String why) {
        Told(Fate fate) {
            this(fate, "");
        }
    }

    /**
     * A row as it is shown; a tree of JSON would take four times as much for each of many.
     *
     * @param why empty if there is nothing to say
     */
    record Line(
            int line,
            String address,
            String result,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String why) {}

    @Override
    JsonNode ask(AdminClient client) {
        List<AccountFile.Row> rows = AccountFile.read(file);
        long lacking = rows.stream().filter(AccountFile.Row::lacksPassword).count();
        passwords
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .ifPresent(path -> {
                    throw PasswordFile.exists(path);
                });
        if (dryRun || lacking == 0) {
            return imported(client, rows, lacking, Optional.empty());
        }
        Path path =
                passwords.orElseThrow(() ->
                        new CommandFailure(
                                "Rows without a password: "
                                        + lacking
                                        + ". Name a new file for the generated ones with"
                                        + " --passwords. Nothing was done."));
        try (PasswordFile generated = PasswordFile.create(path)) {
            return imported(client, rows, lacking, Optional.of(generated));
        }
    }

    private ObjectNode imported(
            AdminClient client,
            List<AccountFile.Row> rows,
            long lacking,
            Optional<PasswordFile> generated) {
        ObjectNode answer = AdminClient.body().put("dryRun", dryRun);
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            List<Future<Told>> running = new ArrayList<>(rows.size());
            for (AccountFile.Row row : rows) {
                running.add(lanes.submit(() -> told(client, row, generated)));
            }
            collect(rows, running, answer);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a row failed", defect.getCause());
        }
        answer.put("withoutPassword", lacking);
        generated.ifPresent(_ -> answer.put("passwords", passwords.orElseThrow().toString()));
        ended.get().ifPresent(why -> answer.put("ended", why));
        return answer;
    }

    /** Waits for the rows in their order, and tells now and then how many are done. */
    private void collect(List<AccountFile.Row> rows, List<Future<Told>> running, ObjectNode answer)
            throws InterruptedException, ExecutionException {
        Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
        long last = time.nanos();
        for (int i = 0; i < rows.size(); i++) {
            Told one = running.get(i).get();
            counts.merge(one.fate(), 1, Integer::sum);
            AccountFile.Row row = rows.get(i);
            lines.add(new Line(row.line(), row.address(), one.fate().json(), one.why()));
            if (time.nanos() - last >= TELL_NANOS) {
                last = time.nanos();
                errors().printf("%d of %d rows …%n", i + 1, rows.size());
                errors().flush();
            }
        }
        answer.putPOJO("rows", lines);
        for (Fate fate : Fate.values()) {
            answer.put(fate.json(), counts.getOrDefault(fate, 0));
        }
    }

    private static CommandFailure interrupted() {
        return new CommandFailure("Interrupted: run it again for the rest.");
    }

    private Told told(AdminClient client, AccountFile.Row row, Optional<PasswordFile> generated) {
        if (row.wrong().isPresent()) {
            return new Told(Fate.REFUSED, row.wrong().get());
        }
        if (ended.get().isPresent()) {
            return new Told(Fate.LEFT);
        }
        try {
            return new Told(make(client, row, generated));
        } catch (AdminClient.Refused refused) {
            return refused.isPassing() ? end(refused) : new Told(Fate.REFUSED, said(refused));
        } catch (CommandFailure away) {
            return end(away);
        }
    }

    /** What isn't the row's fault would befall the other rows, too. */
    private Told end(CommandFailure failure) {
        ended.updateAndGet(first -> first.isPresent() ? first : Optional.of(said(failure)));
        return new Told(Fate.LEFT, said(failure));
    }

    private static String said(CommandFailure failure) {
        return Optional.ofNullable(failure.getMessage()).orElse("");
    }

    private Fate make(AdminClient client, AccountFile.Row row, Optional<PasswordFile> generated) {
        int at = row.address().lastIndexOf('@');
        String name = row.name().isBlank() && at > 0 ? row.address().substring(0, at) : row.name();
        ObjectNode body = AdminClient.body().put("address", row.address()).put("name", name);
        if (!row.password().isEmpty()) {
            body.put("password", row.password());
        }
        JsonNode checked = patiently(() -> client.post("accounts/check", body));
        if (checked.path("state").asString().equals("exists")) {
            return Fate.EXISTS;
        }
        if (dryRun) {
            return Fate.FREE;
        }
        generated
                .filter(_ -> row.password().isEmpty())
                .ifPresent(into -> {
                    Secret fresh = Directory.freshPassword(randomness);
                    into.put(checked.path("address").asString(), fresh);
                    byte[] clear = fresh.exposeSecretBytes();
                    body.put("password", new String(clear, StandardCharsets.UTF_8));
                });
        patiently(() -> client.post("accounts", body));
        return Fate.MADE;
    }

    /** Asks again for a while when the node has too much to do just now. */
    private JsonNode patiently(Supplier<JsonNode> call) {
        for (int i = 1; ; i++) {
            try {
                return call.get();
            } catch (AdminClient.Refused refused) {
                if (!refused.isPassing() || i == TRIES) {
                    throw refused;
                }
            }
            try {
                time.sleep(Duration.ofSeconds(1));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw interrupted();
            }
        }
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        for (Line line : lines) {
            Fate fate = Fate.valueOf(line.result().toUpperCase(Locale.ROOT));
            String why = line.why().isEmpty() ? "" : ": " + safe(line.why());
            out.printf("line %d  %s  %s%s%n", line.line(), safe(line.address()), fate.one, why);
        }
        List<String> counts = new ArrayList<>();
        for (Fate fate : Fate.values()) {
            int count = answer.path(fate.json()).asInt();
            if (count > 0) {
                counts.add(count + " " + fate.many);
            }
        }
        int rows = lines.size();
        out.println(
                "Rows: "
                        + rows
                        + (counts.isEmpty() ? "." : ": " + String.join(", ", counts) + "."));
        if (answer.hasNonNull("passwords")) {
            out.println("Generated passwords are in " + safe(answer.path("passwords")) + ".");
        } else if (dryRun && answer.path("withoutPassword").asInt() > 0) {
            out.println(
                    "Rows without a password: "
                            + answer.path("withoutPassword").asInt()
                            + ". The run needs --passwords FILE for them.");
        }
        if (answer.hasNonNull("ended")) {
            out.println("It ended early: " + safe(answer.path("ended")));
            out.println("Run it again for the rest; what was made is passed over.");
        }
    }

    @Override
    int status(JsonNode answer) {
        return answer.path("refused").asInt() + answer.path("left").asInt() == 0 ? 0 : 1;
    }
}
