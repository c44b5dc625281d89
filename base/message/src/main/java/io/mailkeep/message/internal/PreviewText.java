package io.mailkeep.message.internal;

import io.mailkeep.message.Charsets;
import io.mailkeep.message.Part;
import io.mailkeep.message.TransferDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/**
 * The first words of a text part (RFC 8970 3.1): one line, no control or formatting characters. It
 * is content, of the message's own class; it is not safe to show as HTML.
 */
final class PreviewText {
    private static final int LENGTH = 200;
    private static final int DECODED = 16 * 1024;

    private PreviewText() {}

    static String of(byte[] body, int length, Part part) {
        Optional<String> charset = part.parameter("charset");
        StringBuilder text = new StringBuilder();
        char[] chunk = new char[1024];
        try (Reader reader =
                Charsets.reader(
                        TransferDecoder.decode(
                                new ByteArrayInputStream(body, 0, length), part.encoding()),
                        charset.orElse("us-ascii"))) {
            for (int n = reader.read(chunk);
                    n >= 0 && text.length() < DECODED;
                    n = reader.read(chunk)) {
                text.append(chunk, 0, Math.min(n, DECODED - text.length()));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return oneLine(
                part.subtype().equals("html") ? withoutTags(text.toString()) : text.toString());
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                space = !line.isEmpty();
            } else if (DomainName.isVisible(c)) {
                int needed = Character.charCount(c) + (space ? 1 : 0);
                if (line.length() + needed > LENGTH) {
                    break;
                }
                line.append(space ? " " : "").appendCodePoint(c);
                space = false;
            }
        }
        return line.toString();
    }

    /** Crude on purpose: what it gets wrong is a word too many in a list of messages. */
    private static String withoutTags(String html) {
        String lower = html.toLowerCase(Locale.ROOT);
        if (lower.length() != html.length()) {
            lower = html;
        }
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < html.length()) {
            int tag = html.indexOf('<', at);
            if (tag < 0) {
                text.append(html, at, html.length());
                break;
            }
            text.append(html, at, tag).append(' ');
            at = afterTag(lower, tag);
        }
        return text.toString()
                .replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    private static int afterTag(String lower, int tag) {
        if (lower.startsWith("<!--", tag)) {
            return after(lower, "-->", tag);
        }
        for (String hidden : new String[] {"style", "script", "head", "title"}) {
            int end = tag + 1 + hidden.length();
            boolean opens = lower.startsWith(hidden, tag + 1) && end < lower.length();
            if (opens && !Character.isLetterOrDigit(lower.charAt(end))) {
                return after(lower, ">", after(lower, "</" + hidden, tag) - 1);
            }
        }
        return after(lower, ">", tag);
    }

    private static int after(String text, String mark, int from) {
        int at = text.indexOf(mark, from);
        return at < 0 ? text.length() : at + mark.length();
    }
}
