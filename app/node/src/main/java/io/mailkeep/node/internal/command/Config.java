package io.mailkeep.node.internal.command;

import io.mailkeep.node.internal.ConfigurationCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mailkeep config check|show}: on the file alone, whether a node runs or not. */
@Command(
        name = "config",
        description = "Check and show the configuration.",
        subcommands = {Config.Check.class, Config.Show.class})
final class Config {
    /** Both read the same file. */
    abstract static class OnFile implements Callable<Integer> {
        @Option(names = "--data", paramLabel = "DIR", description = "Data directory.")
        private Optional<Path> data = Optional.empty();

        @Option(names = "--json", description = "Answer as JSON.")
        private boolean json;

        @Spec private CommandSpec spec;

        final void answer(String key, String text) {
            var out = spec.commandLine().getOut();
            out.println(
                    json
                            ? JsonMapper.shared()
                                    .writeValueAsString(
                                            JsonMapper.shared().createObjectNode().put(key, text))
                            : text.stripTrailing());
            out.flush();
        }

        final Path directory() {
            Path directory = DataDirectory.of(data);
            if (!Files.isRegularFile(directory.resolve("mailkeep.yaml"))) {
                throw new CommandFailure(
                        "There is no mailkeep.yaml in "
                                + directory
                                + ". \"mailkeep up\" writes one at its first start; name the data"
                                + " directory with --data.");
            }
            return directory;
        }
    }

    @Command(
            name = "check",
            description = "Say whether the node would start with mailkeep.yaml as it is.")
    static final class Check extends OnFile {
        @Override
        public Integer call() throws Exception {
            ConfigurationCheck.check(directory());
            answer("result", "mailkeep.yaml is well-formed, and every value is in its range.");
            return 0;
        }
    }

    @Command(name = "show", description = "Show every key with the value in force.")
    static final class Show extends OnFile {
        @Override
        public Integer call() throws Exception {
            answer("configuration", ConfigurationCheck.show(directory()));
            return 0;
        }
    }
}
