package io.mailkeep.node.internal.command;

import io.mailkeep.node.internal.Node;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mailkeep up}: the node itself, in the foreground. */
@Command(
        name = "up",
        description = {
            "Start the node in the foreground; Ctrl-C or SIGTERM stops it.",
            "On an empty data directory it sets everything up first."
        })
final class Up implements Callable<Integer> {
    @Option(
            names = "--demo",
            description = "With two companies, three accounts each and a little mail to look at.")
    private boolean demo;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description =
                    "Where the key folders are made at first start (default: DIR-keys). Not on the"
                            + " data's device in production.")
    private Optional<Path> keys = Optional.empty();

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description =
                    "Added to every standard port (default: as configured; 10000 at first start).")
    private Optional<Integer> portOffset = Optional.empty();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return Node.run(
                DataDirectory.of(data), keys, portOffset, demo, spec.commandLine().getOut());
    }
}
