package io.mailkeep.node.internal.command;

import io.mailkeep.api.Refusal;
import io.mailkeep.audit.AuditRefused;
import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.net.CertificateRefused;
import io.mailkeep.node.internal.ConfigurationException;
import io.mailkeep.segments.VolumeRefused;
import java.util.Objects;
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
            Send.class,
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
            command.getErr().println("mailkeep: " + sentence(failure));
            return 1;
        });
        if (arguments.length == 0) {
            line.usage(line.getOut());
            return 2;
        }
        return line.execute(arguments);
    }

    /** What a person is told; a defect names itself and where more is to be found. */
    private static String sentence(Exception failure) {
        String said =
                Objects.requireNonNullElse(
                        failure.getMessage(), failure.getClass().getSimpleName());
        return switch (failure) {
            case CommandFailure _,
                    ConfigurationException _,
                    DatabaseRefused _,
                    VolumeRefused _,
                    AuditRefused _,
                    CertificateRefused _,
                    Refusal _ ->
                    said;
            case Unavailable unavailable ->
                    unavailable.problem().text() + " (" + unavailable.problem().detail() + ")";
            case java.io.IOException _ ->
                    "Can't read or write: " + failure.getClass().getSimpleName() + ": " + said;
            default ->
                    "Failed by a defect of Mailkeep ("
                            + failure.getClass().getName()
                            + ": "
                            + said
                            + "). The data directory's log (log/mailkeep.jsonl) says where.";
        };
    }
}
