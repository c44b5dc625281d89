package io.mailkeep.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One scripted session, given to this server and to Debian's Dovecot: every FETCH item, section and
 * partial form, every SEARCH key, STORE form and LIST pattern. Where the two differ, the script
 * names the paragraph that makes ours right; a difference it doesn't name, or names in vain, is a
 * failure.
 */
@ExtendWith(ImapFixture.Resolver.class)
@EnabledIf(
        value = "io.mailkeep.imap.Dovecot#installed",
        disabledReason = "the package dovecot-imapd isn't installed")
class DovecotTest {
    private static final String MESSAGE_END = "\n=====\n";

    private static String resource(String name) throws IOException {
        try (InputStream in = DovecotTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A command with the paragraph that a difference is excused by; empty for none. */
    private record Step(String command, String because) {}

    private static List<Step> script() throws IOException {
        List<Step> steps = new ArrayList<>();
        String because = "";
        for (String line : resource("dovecot-session.txt").lines().toList()) {
            if (line.startsWith("#!")) {
                because = line.substring(2).strip();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                steps.add(new Step(line, because));
                because = "";
            }
        }
        return steps;
    }

    private static void fill(ImapClient client) throws IOException {
        int day = 1;
        for (String message : resource("dovecot-messages.txt").split(MESSAGE_END, -1)) {
            String flags = List.of("", "(\\Seen) ", "(\\Flagged \\Answered $Label) ").get(day % 3);
            client.append(
                    "INBOX",
                    flags + "\" " + day++ + "-Jan-2020 10:00:00 +0000\" ",
                    message.replace("\n", "\r\n"));
        }
    }

    @Test
    void theSameSession(ImapFixture imap) throws Exception {
        List<String> unexcused = new ArrayList<>();
        List<String> inVain = new ArrayList<>();
        try (Dovecot dovecot = new Dovecot();
                ImapClient theirs = dovecot.signedIn("user" + imap.startTlsPort());
                ImapClient ours = imap.signedIn()) {
            fill(theirs);
            fill(ours);
            for (Step step : script()) {
                String command = step.command();
                List<String> expected = Answers.of(theirs.run(command));
                List<String> actual = Answers.of(ours.run(command));
                boolean same = expected.equals(actual);
                if (!same && step.because().isEmpty()) {
                    unexcused.add(command + "\n  theirs " + expected + "\n  ours   " + actual);
                }
                if (same && !step.because().isEmpty()) {
                    inVain.add(command);
                }
            }
        }
        assertThat(String.join("\n", unexcused)).as("differences without a paragraph").isEmpty();
        assertThat(inVain).as("excused, but the same").isEmpty();
    }
}
