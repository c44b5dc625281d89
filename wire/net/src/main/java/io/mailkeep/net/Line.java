package io.mailkeep.net;

import java.nio.charset.StandardCharsets;

/** What reading a line gave. Only CRLF ends a line ({@code ATK-03}). */
public sealed interface Line {
    /**
     * A well-formed line: no CR, LF or NUL in it.
     *
     * @param bytes without the CRLF
     */
    record Text(byte[] bytes) implements Line {
        /** The line as UTF-8; broken sequences become U+FFFD. */
        public String utf8() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** One char an octet (ISO-8859-1), which loses nothing. */
        public String octets() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return "[line of " + bytes.length + " octets]";
        }
    }

    /** The line was longer than allowed; it was read to its CRLF and thrown away. */
    record TooLong() implements Line {}

    /**
     * The line holds what no line may hold.
     *
     * @param inStep it was read to its CRLF; otherwise (bare LF) nobody can say where the client's
     *     next line begins, and the connection has to end
     */
    record Malformed(Flaw flaw, boolean inStep) implements Line {}

    /** The client has closed its side, or the server is stopping. */
    record End() implements Line {}

    /** What is wrong with a malformed line. */
    enum Flaw {
        BARE_LF,
        BARE_CR,
        NUL
    }
}
