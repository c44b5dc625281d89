package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep trace QUEUE-ID}. */
@Command(
        name = "trace",
        description = "What became of a message, by the queue id that the 250 reply named.")
final class Trace extends Remote {
    @Parameters(index = "0", paramLabel = "QUEUE-ID")
    private String queueId = "";

    @Override
    JsonNode ask(AdminClient client) {
        return client.get("trace?id=" + encoded(queueId));
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        if (answer.isEmpty()) {
            out.println(
                    "Nothing is known of "
                            + queueId
                            + ": no message with that queue id was delivered or refused.");
        }
        for (JsonNode entry : answer) {
            out.println(
                    safe(entry.path("at"))
                            + "  "
                            + safe(entry.path("type"))
                            + "  "
                            + safe(entry.path("decision"))
                            + "  "
                            + safe(entry.path("object"))
                            + "  "
                            + entry.path("facts"));
        }
    }

    @Override
    int status(JsonNode answer) {
        return answer.isEmpty() ? 1 : 0;
    }
}
