package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep domain add|list}. */
@Command(
        name = "domain",
        description = "Add a mail domain to a company; list domains.",
        subcommands = {Domain.Add.class, Company.Listing.class})
final class Domain {
    @Command(name = "add", description = "Add a domain to the company that has another one.")
    static final class Add extends Remote {
        @Parameters(
                index = "0",
                paramLabel = "COMPANY-DOMAIN",
                description = "A domain that the company has.")
        private String company = "";

        @Parameters(index = "1", paramLabel = "DOMAIN", description = "The new domain.")
        private String domain = "";

        @Override
        JsonNode ask(AdminClient client) {
            return client.post(
                    "domains", AdminClient.body().put("company", company).put("domain", domain));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println("Added domain " + safe(answer.path("domain")) + ".");
        }
    }
}
