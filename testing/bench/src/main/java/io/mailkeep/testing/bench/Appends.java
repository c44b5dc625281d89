package io.mailkeep.testing.bench;

import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One message an APPEND, by several sessions at the same time, each to a mailbox of its own. */
final class Appends {
    /** A client may send so much unasked (LITERAL-, RFC 7888 5). */
    private static final int UNASKED_OCTETS = 4096;

    private Appends() {}

    /** Appends so many in all. */
    static void run(List<ImapClient> sessions, byte[] letter, int messages)
            throws IOException, InterruptedException {
        Progress progress = new Progress(messages, "messages");
        Together.run(
                sessions.size(),
                client -> {
                    for (int n = client; n < messages; n += sessions.size()) {
                        append(sessions.get(client), letter);
                        progress.done(n);
                    }
                });
    }

    private static void append(ImapClient session, byte[] letter) throws IOException {
        boolean unasked = letter.length <= UNASKED_OCTETS;
        String tag = session.tag();
        String command = tag + " APPEND INBOX {" + letter.length + (unasked ? "+}\r\n" : "}\r\n");
        byte[] start = command.getBytes(StandardCharsets.US_ASCII);
        if (unasked) {
            byte[] all = new byte[start.length + letter.length + 2];
            System.arraycopy(start, 0, all, 0, start.length);
            System.arraycopy(letter, 0, all, start.length, letter.length);
            all[all.length - 2] = '\r';
            all[all.length - 1] = '\n';
            session.send(all);
        } else {
            session.send(start);
            String asked = session.response();
            if (!asked.startsWith("+")) {
                throw new IOException("APPEND refused: " + asked);
            }
            session.send(letter);
            session.send("\r\n");
        }
        ImapClient.Answer answer = session.answer(tag);
        if (!answer.isOk()) {
            throw new IOException("APPEND refused: " + answer.tagged());
        }
    }
}
