package io.mailkeep.node.internal.command;

import io.mailkeep.claims.ClaimId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

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
        private List<String> only = new ArrayList<>();

        @Option(names = "--all", description = "Also show the claims that aren't built yet.")
        private boolean all;

        /** Claim by claim: some proofs take seconds, and who waits shall know for what. */
        @Override
        JsonNode ask(AdminClient client) {
            List<String> wanted =
                    only.isEmpty()
                            ? Arrays.stream(ClaimId.values()).map(ClaimId::id).toList()
                            : only;
            ArrayNode answers = JsonMapper.shared().createArrayNode();
            try {
                for (String claim : wanted) {
                    waiting("proving " + claim + " … ");
                    var body = AdminClient.body();
                    body.putArray("only").add(claim);
                    client.post("claims/verify", body).forEach(answers::add);
                }
            } finally {
                waiting("");
            }
            return answers;
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
