package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.ModifiedUtf7;
import java.util.Optional;

/** LIST patterns of IMAP4rev1: modified UTF-7 between the wildcards. */
final class Utf7Pattern {
    private Utf7Pattern() {}

    /** The pattern; empty if a piece of it isn't the canonical form of anything. */
    static Optional<String> decode(String wire) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < wire.length()) {
            int wild = next(wire, at);
            Optional<String> piece = ModifiedUtf7.decode(wire.substring(at, wild));
            if (piece.isEmpty()) {
                return Optional.empty();
            }
            text.append(piece.get());
            if (wild < wire.length()) {
                text.append(wire.charAt(wild));
            }
            at = wild + 1;
        }
        return Optional.of(text.toString());
    }

    private static int next(String wire, int from) {
        int at = from;
        while (at < wire.length() && wire.charAt(at) != '*' && wire.charAt(at) != '%') {
            at++;
        }
        return at;
    }
}
