package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep company add|list}. */
@Command(
        name = "company",
        description = "Add and list companies.",
        subcommands = {Company.Add.class, Company.Listing.class})
final class Company {
    @Command(name = "add", description = "Add a company with its first mail domain.")
    static final class Add extends Remote {
        @Parameters(index = "0", paramLabel = "NAME", description = "The company's name.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "DOMAIN",
                description = "Its first mail domain, such as acme.example.")
        private String domain = "";

        @Option(
                names = "--region",
                description = "Where its data lies (default: the installation's region).")
        private String region = "";

        @Override
        JsonNode ask(AdminClient client) {
            return client.post(
                    "companies",
                    AdminClient.body()
                            .put("name", name)
                            .put("domain", domain)
                            .put("region", region));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println(
                    "Added company \""
                            + safe(answer.path("name"))
                            + "\" with domain "
                            + safe(answer.path("domains").path(0))
                            + ".");
            out.println(
                    "Next: mailkeep account add YOU@"
                            + safe(answer.path("domains").path(0))
                            + " --name YOU");
        }
    }

    @Command(name = "list", description = "List companies and their domains.")
    static final class Listing extends Remote {
        @Override
        JsonNode ask(AdminClient client) {
            return client.get("companies");
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            if (answer.isEmpty()) {
                out.println("No company yet. Add one: mailkeep company add NAME DOMAIN");
            }
            for (JsonNode company : answer) {
                StringBuilder domains = new StringBuilder();
                company.path("domains").forEach(d -> domains.append(' ').append(safe(d)));
                out.println(
                        safe(company.path("name"))
                                + " ("
                                + safe(company.path("region"))
                                + "):"
                                + domains);
            }
        }
    }
}
