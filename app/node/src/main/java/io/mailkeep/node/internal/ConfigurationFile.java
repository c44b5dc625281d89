package io.mailkeep.node.internal;

import io.mailkeep.audit.TerminalText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Reads and writes {@code mailkeep.yaml}. Strict: an unknown, doubled, removed or wrongly shaped
 * key is refused with its line and what to write instead; a file that is taken has a value for
 * every {@link Setting}.
 */
final class ConfigurationFile {
    private static final int LARGEST_BYTES = 64 * 1024;

    /** Keys of older versions, with what to write today. */
    private static final Map<String, String> REMOVED = Map.of();

    private ConfigurationFile() {}

    /** The values of a file; defaults for keys that it doesn't have. */
    static Map<Setting, String> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_BYTES) {
            throw new ConfigurationException(
                    file + " is larger than 64 KiB: that can't be a Mailkeep configuration.");
        }
        return parse(Files.readString(file), file.toString());
    }

    /** The values of a file's text; {@code name} stands in refusals. */
    static Map<Setting, String> parse(String text, String name) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.standard());
        }
        Node root = compose(text, name);
        if (root instanceof MappingNode mapping) {
            walk(mapping, "", name, values, new HashSet<>());
        } else if (root != null) {
            throw new ConfigurationException(
                    name + " must be a list of keys with values, such as \"host: mail.example\".");
        }
        return values;
    }

    private static Node compose(String text, String name) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(4);
        options.setCodePointLimit(LARGEST_BYTES);
        try {
            return new Yaml(options).compose(new StringReader(text));
        } catch (YAMLException e) {
            // what stands behind the reason are lines of the file, which a person has before them
            String line =
                    e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                            ? ", line " + (marked.getProblemMark().getLine() + 1)
                            : "";
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
            throw new ConfigurationException(
                    name + line + ": not well-formed YAML (" + TerminalText.safe(reason) + ").");
        }
    }

    private static void walk(
            MappingNode mapping,
            String prefix,
            String name,
            Map<Setting, String> values,
            Set<String> seen) {
        for (NodeTuple tuple : mapping.getValue()) {
            String place =
                    name + ", line " + (tuple.getKeyNode().getStartMark().getLine() + 1) + ": ";
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                throw new ConfigurationException(place + "a key must be a plain word.");
            }
            String key = prefix + shown(keyNode, place);
            if (!seen.add(key)) {
                throw new ConfigurationException(
                        place + "the key \"" + key + "\" stands there twice; keep one.");
            }
            if (REMOVED.containsKey(key)) {
                throw new ConfigurationException(
                        place + "the key \"" + key + "\" was removed. " + REMOVED.get(key));
            }
            boolean group =
                    Arrays.stream(Setting.values()).anyMatch(s -> s.key().startsWith(key + "."));
            if (group && tuple.getValueNode() instanceof MappingNode below) {
                walk(below, key + ".", name, values, seen);
            } else {
                put(key, tuple.getValueNode(), place, values);
            }
        }
    }

    private static void put(String key, Node value, String place, Map<Setting, String> values) {
        Setting setting =
                Setting.of(key)
                        .orElseThrow(() ->
                                new ConfigurationException(
                                        place
                                                + "unknown key \""
                                                + key
                                                + "\". Did you mean \""
                                                + nearest(key)
                                                + "\"? Delete the line, or see"
                                                + " \"mailkeep config show\" for all keys."));
        if (!(value instanceof ScalarNode scalar)) {
            throw new ConfigurationException(
                    place
                            + "\""
                            + key
                            + "\" takes one value, such as \""
                            + setting.standard()
                            + "\".");
        }
        values.put(setting, shown(scalar, place).strip());
    }

    /**
     * What is refused is repeated on a terminal, and what is taken is written by {@link #write}.
     */
    private static String shown(ScalarNode scalar, String place) {
        String text = scalar.getValue();
        if (!TerminalText.safe(text).equals(text)) {
            throw new ConfigurationException(
                    place
                            + "here stands a character that isn't shown, such as a line break or an"
                            + " escape. Write the line anew.");
        }
        return text;
    }

    /** The known key with the smallest edit distance. */
    private static String nearest(String key) {
        return Arrays.stream(Setting.values())
                .map(Setting::key)
                .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
                .orElseThrow();
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    /** The text of a file with these values: a comment and a line a key. */
    static String write(Map<Setting, String> values) {
        StringBuilder text = new StringBuilder();
        text.append(
                "# Mailkeep's configuration. Paths are relative to this file's folder. An unknown"
                        + " key stops the start.\n");
        String group = "";
        for (Setting setting : Setting.values()) {
            String[] levels = setting.key().split("\\.", -1);
            String indent = levels.length > 1 ? "  " : "";
            if (levels.length > 1 && !levels[0].equals(group)) {
                group = levels[0];
                text.append('\n').append(group).append(":\n");
            } else if (levels.length == 1) {
                text.append('\n');
            }
            text.append(indent).append("# ").append(setting.comment()).append('\n');
            text.append(indent)
                    .append(levels[levels.length - 1])
                    .append(": ")
                    .append(scalar(values.get(setting)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String scalar(String value) {
        boolean plain = value.matches("[A-Za-z0-9/][A-Za-z0-9 ./_-]*") && !value.endsWith(" ");
        return plain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
