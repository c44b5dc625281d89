package io.mailkeep.node.internal.command;

import io.mailkeep.node.internal.ConfigurationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: reads the arguments, runs one command, turns failures into one sentence each.
 */
@Command(
        name = "mailkeep",
        description = "A secure mail server that proves its promises.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Up.class,
            Stop.class,
            Status.class,
            Doctor.class,
            Config.class,
            Company.class,
            Account.class,
            Domain.class,
            Trace.class,
            Claims.class,
            Audit.class,
            Keys.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Handled by the launcher: \"mailkeep build\" builds, \"mailkeep test\" runs everything CI runs.",
            "Each command explains itself: mailkeep help COMMAND."
        })
public final class Mailkeep {
    private Mailkeep() {}

    /** Runs the command that the arguments name; answers the exit status. */
    public static int run(String[] arguments) {
        CommandLine line = new CommandLine(new Mailkeep());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CommandFailure || failure instanceof ConfigurationException) {
                command.getErr().println("mailkeep: " + failure.getMessage());
                return 1;
            }
            throw failure;
        });
        if (arguments.length == 0) {
            line.usage(line.getOut());
            return 2;
        }
        return line.execute(arguments);
    }
}
