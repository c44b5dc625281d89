package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep claims verify}. */
@Command(
        name = "claims",
        description = "Prove the promises on the running system.",
        subcommands = Claims.Verify.class)
final class Claims {
    @Command(name = "verify", description = "Run the probes; exit status 1 only if a claim failed.")
    static final class Verify extends Remote {
        @Parameters(
                arity = "0..*",
                paramLabel = "CLAIM",
                description = "Only these claims, such as DAT-3.")
        private java.util.List<String> only = new java.util.ArrayList<>();

        @Option(names = "--all", description = "Also show the claims that aren't built yet.")
        private boolean all;

        @Override
        JsonNode ask(AdminClient client) {
            var body = AdminClient.body();
            var list = body.putArray("only");
            only.forEach(list::add);
            return client.post("claims/verify", body);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            int hidden = 0;
            for (JsonNode claim : answer) {
                String verdict = claim.path("verdict").asString();
                if (verdict.equals("not_built") && !all && only.isEmpty()) {
                    hidden++;
                    continue;
                }
                out.printf(
                        "%-6s %-15s %6d ms%n",
                        safe(claim.path("id")), verdict, claim.path("ms").asLong());
                out.println("       did  " + safe(claim.path("did")));
                out.println("       saw  " + safe(claim.path("saw")));
            }
            if (hidden > 0) {
                out.println(hidden + " further claims aren't built yet; --all shows them.");
            }
        }

        @Override
        int status(JsonNode answer) {
            for (JsonNode claim : answer) {
                if (claim.path("verdict").asString().equals("failed")) {
                    return 1;
                }
            }
            return 0;
        }
    }
}
