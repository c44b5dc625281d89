package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep audit tail|show|verify|replace}. */
@Command(
        name = "audit",
        description = "Read and verify the audit log.",
        subcommands = {Audit.Tail.class, Audit.Show.class, Audit.Verify.class, Audit.Replace.class})
final class Audit {
    @Command(name = "tail", description = "The newest entries.")
    static final class Tail extends Remote {
        @Option(
                names = "-n",
                paramLabel = "COUNT",
                description = "How many (default: 20, at most 1000).")
        private int count = 20;

        @Override
        JsonNode ask(AdminClient client) {
            return client.get("audit/tail?count=" + count);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            for (JsonNode entry : answer) {
                out.printf(
                        "%8s  %s  %-26s %-8s %s %s %s%n",
                        safe(entry.path("index")),
                        safe(entry.path("at")),
                        safe(entry.path("type")),
                        safe(entry.path("decision")),
                        safe(entry.path("actor")),
                        safe(entry.path("object")),
                        facts(entry));
            }
        }

        private static String facts(JsonNode entry) {
            StringBuilder text = new StringBuilder();
            entry.path("facts")
                    .properties()
                    .forEach(fact ->
                            text.append(fact.getKey())
                                    .append('=')
                                    .append(safe(fact.getValue()))
                                    .append(' '));
            return text.toString().strip();
        }
    }

    @Command(
            name = "show",
            description =
                    "One entry, whole, with its personal fields where their keys still exist.")
    static final class Show extends Remote {
        @Parameters(
                index = "0",
                paramLabel = "INDEX",
                description = "The entry's index in the log.")
        private long index;

        @Override
        JsonNode ask(AdminClient client) {
            return client.get("audit/entry?index=" + index);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            answer.properties()
                    .forEach(field ->
                            out.printf(
                                    "%-10s %s%n",
                                    field.getKey(),
                                    field.getValue().isContainer()
                                            ? field.getValue().toString()
                                            : safe(field.getValue())));
        }
    }

    @Command(
            name = "verify",
            description = {
                "Check both copies of the log, entry by entry.",
                "Needs no server: only the files and the public key (log.vkey, which lies in each copy)."
            })
    static final class Verify implements Callable<Integer> {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Data directory; not needed with --log.")
        private Optional<Path> data = Optional.empty();

        @Option(
                names = "--log",
                paramLabel = "DIR",
                description = "A copy of the log; may be given twice.")
        private java.util.List<Path> logs = new java.util.ArrayList<>();

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "The verifier key (default: log.vkey of the first copy).")
        private Optional<Path> key = Optional.empty();

        @Option(names = "--json", description = "Print the finding as JSON.")
        private boolean json;

        @Spec private CommandSpec spec;

        @Override
        public Integer call() throws java.io.IOException {
            return AuditVerification.run(data, logs, key, json, spec.commandLine().getOut());
        }
    }

    @Command(
            name = "replace",
            description = {
                "Begin a lost copy of the log anew in an empty folder at its place.",
                "Everything is copied from the other copy and checked; \"mailkeep status\" shows how far it is."
            })
    static final class Replace extends Remote {
        @Parameters(index = "0", paramLabel = "COPY", description = "a or b.")
        private String copy = "";

        @Override
        JsonNode ask(AdminClient client) {
            return client.post("audit/replace", AdminClient.body().put("copy", copy));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println(
                    "Copy "
                            + copy
                            + " begins anew: "
                            + safe(answer.path("entries"))
                            + " entries are being copied. \"mailkeep status\" shows when it is in use.");
        }
    }
}
