package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep doctor}. */
@Command(
        name = "doctor",
        description =
                "What is wrong with the machine, the configuration or the store, and what to type.")
final class Doctor extends Remote {
    @Option(
            names = "--store",
            description = "Recompute every invariant of the store: rows, segments, keys.")
    private boolean store;

    @Option(
            names = "--accept-rollback",
            description =
                    "Go on with a database that went back to an earlier state; what came later may be lost.")
    private boolean acceptRollback;

    @Override
    JsonNode ask(AdminClient client) {
        return client.post(
                "doctor",
                AdminClient.body().put("store", store).put("acceptRollback", acceptRollback));
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        for (JsonNode check : answer.path("checks")) {
            out.println(mark(check) + " " + safe(check.path("what")));
            if (check.hasNonNull("advice")) {
                out.println("      " + safe(check.path("advice")));
            }
        }
    }

    private static String mark(JsonNode check) {
        if (!check.path("ok").asBoolean()) {
            return "WRONG";
        }
        return check.path("advised").asBoolean() ? "note " : "ok   ";
    }

    @Override
    int status(JsonNode answer) {
        for (JsonNode check : answer.path("checks")) {
            if (!check.path("ok").asBoolean()) {
                return 1;
            }
        }
        return 0;
    }
}
