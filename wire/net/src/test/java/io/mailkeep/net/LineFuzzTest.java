package io.mailkeep.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of a connection: whatever the octets and however they come, they are what their
 * definition says. The first octet says how many come at a time.
 */
@Claim({"ATK-03", "ATK-08", "NET-2"})
class LineFuzzTest implements FuzzTarget {
    private static final int MOST = 40;

    @Override
    public void one(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        List<String> expected = defined(new String(octets, StandardCharsets.ISO_8859_1));
        assertThat(read(octets, octets.length + 1)).isEqualTo(expected);
        assertThat(read(octets, 1 + (input[0] & 0xFF) % 30)).isEqualTo(expected);
    }

    private static List<String> read(byte[] octets, int piece) throws IOException {
        Connection connection = new Fed(octets, piece).connection;
        List<String> lines = new ArrayList<>();
        Line line;
        do {
            line = connection.readLine(MOST);
            lines.add(
                    switch (line) {
                        case Line.Text text -> "text " + text.octets();
                        case Line.TooLong() -> "too long";
                        case Line.Malformed(_, boolean inStep) -> "malformed " + inStep;
                        case Line.End() -> "end";
                    });
        } while (!lines.getLast().equals("end") && !lines.getLast().equals("malformed false"));
        return lines;
    }

    /** Only CRLF ends a line; LF alone ends the talk, unless the line is too long already. */
    private static List<String> defined(String octets) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (true) {
            int end = octets.indexOf("\r\n", from);
            int feed = octets.indexOf('\n', from);
            boolean bare = feed >= 0 && (end < 0 || feed < end + 1);
            if (bare && feed - from < MOST) {
                lines.add("malformed false");
                return lines;
            }
            if (end < 0) {
                lines.add("end");
                return lines;
            }
            String text = octets.substring(from, end);
            if (text.length() + 2 > MOST) {
                lines.add("too long");
            } else if (text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
                lines.add("malformed true");
            } else {
                lines.add("text " + text);
            }
            from = end + 2;
        }
    }
}
