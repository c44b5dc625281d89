package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep status}. */
@Command(
        name = "status",
        description = "What runs, where it listens, what it uses, and what needs attention.")
final class Status extends Remote {
    @Override
    JsonNode ask(AdminClient client) {
        return client.get("status");
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        answer.properties()
                .forEach(section -> {
                    if (section.getValue().isObject()) {
                        out.println(section.getKey());
                        section.getValue()
                                .properties()
                                .forEach(fact ->
                                        out.printf(
                                                "  %-24s %s%n",
                                                fact.getKey(), safe(fact.getValue())));
                    } else if (section.getValue().isArray()) {
                        section.getValue().forEach(line -> out.println("! " + safe(line)));
                    } else {
                        out.printf("%-26s %s%n", section.getKey(), safe(section.getValue()));
                    }
                });
    }
}
