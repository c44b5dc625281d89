package io.mailkeep.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Problem;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What stands behind MAIL and RCPT: a path and its parameters, printed and read again the same; and
 * replies, which hold one line whatever their text.
 */
@Claim({"ATK-06", "ATK-11", "ATK-21"})
class PathFuzzTest implements FuzzTarget {
    @Override
    public void one(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        path("FROM:", text);
        path("FROM:", "FROM:" + text);
        path("TO:", "TO:<" + text);
        try {
            String reply =
                    Reply.of(new Problem(550, "5.1.1", text, "", Problem.Fault.THEIRS)).text();
            assertThat(reply).startsWith("550 5.1.1 ").endsWith("\r\n");
            assertThat(reply.substring(0, reply.length() - 2)).doesNotContain("\r", "\n", "\0");
        } catch (IllegalArgumentException refused) {
            assertThat(text.chars()).anyMatch(Character::isISOControl);
        }
    }

    private static void path(String keyword, String argument) {
        Optional<Path> parsed = Path.parse(keyword, argument);
        if (parsed.isEmpty()) {
            return;
        }
        Path path = parsed.get();
        assertThat(argument).contains("<" + path.address() + ">");
        // a quoted pair counts within quotes alone
        assertThat(path.address().replaceAll("(?s)\"(?:[^\"\\\\]|\\\\.)*+\"", ""))
                .as("ends outside of quotes")
                .doesNotContain("\"");
        for (Map.Entry<String, Optional<String>> one : path.parameters().entrySet()) {
            assertThat(one.getKey()).matches("[A-Z0-9][A-Z0-9-]*");
            assertThat(one.getValue().orElse("x")).isNotEmpty().doesNotContain(" ");
            assertThat(one.getValue().orElse("").chars()).noneMatch(Character::isISOControl);
        }
        String printed =
                keyword
                        + "<"
                        + path.address()
                        + ">"
                        + path.parameters().entrySet().stream()
                                .map(one ->
                                        " "
                                                + one.getKey()
                                                + one.getValue().map(it -> "=" + it).orElse(""))
                                .collect(Collectors.joining());
        assertThat(Path.parse(keyword, printed)).contains(path);
    }
}
