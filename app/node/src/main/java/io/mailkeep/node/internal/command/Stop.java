package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code mailkeep stop}. */
@Command(name = "stop", description = "Stop the running node, as Ctrl-C does.")
final class Stop extends Remote {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    JsonNode ask(AdminClient client) {
        JsonNode answer = client.post("stop", AdminClient.body());
        ProcessHandle.of(client.process())
                .ifPresent(process -> {
                    try {
                        process.onExit()
                                .get(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
                    } catch (java.util.concurrent.TimeoutException e) {
                        throw new CommandFailure(
                                "The node (process "
                                        + client.process()
                                        + ") is still running after "
                                        + PATIENCE.toSeconds()
                                        + " s; see its log in "
                                        + directory().resolve("log")
                                        + ".");
                    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                        throw new CommandFailure(
                                "Couldn't wait for the node to end: " + e.getMessage());
                    }
                });
        return answer;
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        out.println("Stopped.");
    }
}
