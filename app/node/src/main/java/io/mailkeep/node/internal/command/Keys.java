package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep keys status|seal|unseal|rotate|destroy|lost}. */
@Command(
        name = "keys",
        description = "Look after the key tree.",
        subcommands = {
            Keys.State.class,
            Keys.Seal.class,
            Keys.Unseal.class,
            Keys.Rotate.class,
            Keys.Destroy.class,
            Keys.Lost.class
        })
final class Keys {
    private static void showState(JsonNode answer, PrintWriter out) {
        if (answer.path("sealed").asBoolean()) {
            out.println("Sealed: " + Remote.safe(answer.path("reason")));
            out.println("  " + Remote.safe(answer.path("advice")));
        } else {
            out.println("Unsealed.");
        }
        answer.path("facts")
                .properties()
                .forEach(fact ->
                        out.printf("  %-28s %s%n", fact.getKey(), Remote.safe(fact.getValue())));
        for (JsonNode warning : answer.path("warnings")) {
            out.println("  warning: " + Remote.safe(warning));
        }
    }

    /** A command whose answer is the state afterwards. */
    abstract static class Changing extends Remote {
        @Override
        void show(JsonNode answer, PrintWriter out) {
            if (answer.hasNonNull("done")) {
                out.println(safe(answer.path("done")));
            }
            showState(answer, out);
        }
    }

    @Command(
            name = "status",
            description = "Sealed or not, epochs, keys by level, pending destructions.")
    static final class State extends Changing {
        @Override
        JsonNode ask(AdminClient client) {
            return client.get("keys");
        }
    }

    @Command(
            name = "seal",
            description = "Forget all keys in memory: nothing opens until unsealed.")
    static final class Seal extends Changing {
        @Override
        JsonNode ask(AdminClient client) {
            return client.post("keys/seal", AdminClient.body());
        }
    }

    @Command(name = "unseal", description = "Read the root from the key folders again.")
    static final class Unseal extends Changing {
        @Override
        JsonNode ask(AdminClient client) {
            return client.post("keys/unseal", AdminClient.body());
        }
    }

    @Command(
            name = "rotate",
            description =
                    "New keys for a level and all below; the old key opens nothing delivered later.")
    static final class Rotate extends Changing {
        @Parameters(
                index = "0",
                paramLabel = "LEVEL",
                description = "root, company, class or account.")
        private String level = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "WHAT",
                description =
                        "A domain of the company (for company and class) or the account's address.")
        private String what = "";

        @Option(
                names = "--class",
                paramLabel = "CLASS",
                description = "public, internal, sensitive or critical.")
        private String dataClass = "sensitive";

        @Override
        JsonNode ask(AdminClient client) {
            return client.post(
                    "keys/rotate",
                    AdminClient.body()
                            .put("level", level)
                            .put("what", what)
                            .put("class", dataClass));
        }
    }

    @Command(
            name = "destroy",
            description =
                    "Destroy the keys of expunged messages older than the retention; --now: of all expunged, at once.")
    static final class Destroy extends Changing {
        @Option(
                names = "--now",
                description = "All expunged messages, with two epoch changes in a row.")
        private boolean now;

        @Override
        JsonNode ask(AdminClient client) {
            return client.post("keys/destroy", AdminClient.body().put("now", now));
        }
    }

    @Command(
            name = "lost",
            description =
                    "Give up a key folder that won't come back: a fresh one is made at its path and"
                            + " filled from the other.")
    static final class Lost extends Changing {
        @Parameters(index = "0", paramLabel = "FOLDER", description = "a or b.")
        private String folder = "";

        @Override
        JsonNode ask(AdminClient client) {
            return client.post("keys/lost", AdminClient.body().put("folder", folder));
        }
    }
}
