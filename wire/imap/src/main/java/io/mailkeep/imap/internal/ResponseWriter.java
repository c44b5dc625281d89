package io.mailkeep.imap.internal;

import io.mailkeep.mailbox.FolderName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes responses in the form that their content asks for (RFC 9051 4.3, 9): text becomes a quoted
 * string where it may and a literal where it must, so that no content can become protocol. UTF-8 in
 * quotes only after {@code ENABLE IMAP4rev2} (RFC 9051 A).
 */
public final class ResponseWriter {
    private static final int QUOTED_MAX = 1_024;

    private final OutputStream out;
    private boolean utf8;
    private boolean withinLiteral;
    private boolean withinLine;

    public ResponseWriter(OutputStream out) {
        this.out = out;
    }

    /** From now on names and strings are UTF-8. */
    public void enableUtf8() {
        utf8 = true;
    }

    /** A response was begun and not ended: nothing else can be said to this client any more. */
    public boolean broken() {
        return withinLiteral || withinLine;
    }

    /** Protocol text of the server's own. */
    public ResponseWriter raw(String text) throws IOException {
        withinLine = true;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A number. */
    public ResponseWriter raw(long number) throws IOException {
        return raw(Long.toString(number));
    }

    /** Ends the line. */
    public void end() throws IOException {
        out.write('\r');
        out.write('\n');
        withinLine = false;
    }

    /** A whole line of the server's own. */
    public void line(String text) throws IOException {
        raw(text).end();
    }

    /** Sends what was written. */
    public void flush() throws IOException {
        out.flush();
    }

    /** A string, quoted or literal by its content; NUL, which no string may hold, becomes '?'. */
    public ResponseWriter string(String text) throws IOException {
        if (text.length() > QUOTED_MAX || !text.chars().allMatch(this::mayBeQuoted)) {
            return literal(text.replace('\0', '?').getBytes(StandardCharsets.UTF_8));
        }
        return raw('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    private boolean mayBeQuoted(int c) {
        return (c >= 0x20 && c < 0x7F) || (c > 0x9F && utf8 && !Character.isSurrogate((char) c));
    }

    /** A string or NIL. */
    public ResponseWriter nstring(Optional<String> text) throws IOException {
        return text.isPresent() ? string(text.get()) : raw("NIL");
    }

    /** A string that may stand without quotes. */
    public ResponseWriter astring(String text) throws IOException {
        boolean atom = !text.isEmpty() && text.chars().allMatch(Tokens::isAtom);
        return atom && !text.equalsIgnoreCase("NIL") ? raw(text) : string(text);
    }

    /** A folder's name, in modified UTF-7 for IMAP4rev1 (RFC 9051 A.1). */
    public ResponseWriter folder(FolderName name) throws IOException {
        String wire = utf8 ? name.value() : ModifiedUtf7.encode(name.value());
        return name.isInbox() ? raw(wire) : string(wire);
    }

    /** A literal of bytes in memory. */
    public ResponseWriter literal(byte[] bytes) throws IOException {
        raw("{" + bytes.length + "}\r\n");
        out.write(bytes);
        return this;
    }

    /**
     * A literal from a stream, never whole in memory.
     *
     * @param prefix {@code ~} for literal8, else empty
     * @throws EOFException if the stream has less: the response can't be ended then
     */
    public ResponseWriter literal(String prefix, long octets, InputStream from) throws IOException {
        raw(prefix + "{" + octets + "}\r\n");
        withinLiteral = true;
        byte[] chunk = new byte[16 * 1024];
        long left = octets;
        while (left > 0) {
            int count = from.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (count < 0) {
                throw new EOFException("stored message is shorter than its outline says");
            }
            out.write(chunk, 0, count);
            left -= count;
        }
        withinLiteral = false;
        return this;
    }
}
