package io.mailkeep.imap.internal;

import io.mailkeep.mailbox.Flags;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads flags (RFC 9051 2.3.2, 9): the system's, and keywords as atoms. */
public final class FlagList {
    private static final int KEYWORD_MAX = 100;

    private FlagList() {}

    /** A parenthesised list. */
    public static Flags parse(Tokens tokens, int most) {
        return flags(tokens.list(most, true, () -> one(tokens)));
    }

    /** As STORE has it: parentheses may be left out. */
    public static Flags parseForStore(Tokens tokens, int most) {
        if (tokens.peek() == '(') {
            return parse(tokens, most);
        }
        List<String> names = new ArrayList<>();
        do {
            names.add(one(tokens));
            if (names.size() > most) {
                throw new BadCommand("Too many flags");
            }
        } while (tokens.take(' '));
        return flags(names);
    }

    /** A keyword, for SEARCH. */
    public static String keyword(Tokens tokens) {
        String name = tokens.atom();
        if (name.length() > KEYWORD_MAX) {
            throw new BadCommand("Keyword is too long");
        }
        return name;
    }

    private static String one(Tokens tokens) {
        return tokens.take('\\') ? "\\" + tokens.atom() : keyword(tokens);
    }

    private static Flags flags(List<String> names) {
        Set<Flags.Flag> system = EnumSet.noneOf(Flags.Flag.class);
        Set<String> keywords = new HashSet<>();
        for (String name : names) {
            if (name.startsWith("\\")) {
                system.add(system(name.substring(1)));
            } else {
                keywords.add(name);
            }
        }
        return new Flags(system, keywords);
    }

    private static Flags.Flag system(String name) {
        for (Flags.Flag flag : Flags.Flag.values()) {
            if (flag.name().equalsIgnoreCase(name)) {
                return flag;
            }
        }
        throw new BadCommand("No such system flag, or not one that a client may set");
    }
}
