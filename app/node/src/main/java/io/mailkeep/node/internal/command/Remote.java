package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command that asks the running node and shows its answer: for people, or with {@code --json} as
 * it came.
 */
abstract class Remote implements Callable<Integer> {
    private static final JsonMapper PRETTY =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Data directory of the node (default: $MAILKEEP_DATA, or data in the clone).")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--json", description = "Print the node's answer as JSON.")
    private boolean json;

    @Spec private CommandSpec spec;

    /** Asks the node. */
    abstract JsonNode ask(AdminClient client);

    /** Shows the answer to people. */
    abstract void show(JsonNode answer, PrintWriter out);

    /** The exit status for an answer. */
    int status(JsonNode answer) {
        return 0;
    }

    /** Says what is being waited for, on the line of the last such words; a program isn't told. */
    void waiting(String what) {
        if (!json) {
            errors().printf("\r%-30s\r%s", "", what);
            errors().flush();
        }
    }

    /** Where a person reads what isn't part of the answer. */
    PrintWriter errors() {
        return spec.commandLine().getErr();
    }

    Path directory() {
        return DataDirectory.of(data);
    }

    @Override
    public final Integer call() {
        JsonNode answer = ask(AdminClient.of(directory()));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            // written as it is made: the answer may be long
            PRETTY.writeValue(out, answer);
            out.println();
        } else {
            show(answer, out);
        }
        out.flush();
        return status(answer);
    }

    static String encoded(String value) {
        return java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
    }

    /**
     * Text from the node as a terminal may show it: control and direction characters can't act
     * (ATK-114).
     */
    static String safe(JsonNode node) {
        return safe(node.asString(""));
    }

    /** The same for text that came from elsewhere, such as a file. */
    static String safe(String given) {
        StringBuilder text = new StringBuilder();
        given.codePoints()
                .forEach(c -> {
                    int type = Character.getType(c);
                    if (type == Character.CONTROL
                            || type == Character.FORMAT
                            || type == Character.SURROGATE) {
                        text.append(String.format("\\u%04x", c));
                    } else {
                        text.appendCodePoint(c);
                    }
                });
        return text.toString();
    }
}
