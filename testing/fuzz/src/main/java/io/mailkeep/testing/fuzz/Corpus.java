package io.mailkeep.testing.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A target's saved inputs: one a line in the test resource {@code fuzz/TARGET.txt}, printable ASCII
 * as it is, {@code \r \n \t \\} and {@code \xHH} for the rest. Lines that begin with {@code #} say
 * something to people.
 */
final class Corpus {
    private Corpus() {}

    /** The inputs of a target, and the empty one. */
    static List<byte[]> of(Class<?> target) {
        List<byte[]> inputs = new ArrayList<>();
        inputs.add(new byte[0]);
        for (String line : text(target).split("\n", -1)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                inputs.add(read(line));
            }
        }
        return inputs;
    }

    private static String text(Class<?> target) {
        String name = "/fuzz/" + target.getSimpleName() + ".txt";
        try (InputStream in = target.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("a target without saved inputs: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static byte[] read(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c != '\\') {
                out.write(c);
                at++;
                continue;
            }
            switch (line.charAt(at + 1)) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '\\' -> out.write('\\');
                case 'x' -> out.write(HexFormat.fromHexDigits(line, at + 2, at + 4));
                default -> throw new IllegalStateException("no such escape: " + line);
            }
            at += line.charAt(at + 1) == 'x' ? 4 : 2;
        }
        return out.toByteArray();
    }

    /** The line of an input. */
    static String line(byte[] input) {
        StringBuilder line = new StringBuilder();
        for (byte one : input) {
            switch (one) {
                case '\r' -> line.append("\\r");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> {
                    boolean plain = one >= ' ' && one < 0x7f && !(one == '#' && line.isEmpty());
                    line.append(
                            plain
                                    ? String.valueOf((char) one)
                                    : "\\x" + HexFormat.of().toHexDigits(one));
                }
            }
        }
        return line.toString();
    }
}
