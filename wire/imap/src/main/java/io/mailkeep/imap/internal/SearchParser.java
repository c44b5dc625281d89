package io.mailkeep.imap.internal;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.kernel.Claim;
import io.mailkeep.mailbox.Flags;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Reads the keys of a SEARCH, within limits of number and depth ({@code ATK-50}). */
@Claim("ATK-50")
public final class SearchParser {
    /** Each looks through whole messages. */
    private static final int TEXT_KEYS_MAX = 10;

    private final Tokens tokens;
    private final ImapLimits limits;
    private int keys;
    private int textKeys;

    public SearchParser(Tokens tokens, ImapLimits limits) {
        this.tokens = tokens;
        this.limits = limits;
    }

    /** All that is left of the command. */
    public SearchKey program() {
        List<SearchKey> all = new ArrayList<>();
        do {
            all.add(key(0));
        } while (tokens.take(' '));
        tokens.end();
        return new SearchKey.And(all);
    }

    private SearchKey key(int depth) {
        if (++keys > limits.searchKeys()) {
            throw new BadCommand("Too many search keys");
        }
        if (depth > limits.searchDepth()) {
            throw new BadCommand("Search keys are nested too deep");
        }
        int next = tokens.peek();
        if (next == '(') {
            return new SearchKey.And(tokens.list(limits.searchKeys(), false, () -> key(depth + 1)));
        }
        if ((next >= '0' && next <= '9') || next == '*' || next == '$') {
            return new SearchKey.InSet(set(), false);
        }
        return named(tokens.keyword(), depth);
    }

    private SequenceSet set() {
        return SequenceSet.parse(tokens, limits.ranges());
    }

    private SearchKey named(String name, int depth) {
        return switch (name) {
            case "ALL", "OLD" -> new SearchKey.Constant(true);
            case "RECENT", "NEW" -> new SearchKey.Constant(false);
            case "ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN" -> flag(name);
            case "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNSEEN" ->
                    new SearchKey.Not(flag(name.substring(2)));
            case "KEYWORD" -> keyword();
            case "UNKEYWORD" -> new SearchKey.Not(keyword());
            case "NOT" -> {
                tokens.space();
                yield new SearchKey.Not(key(depth + 1));
            }
            case "OR" -> {
                tokens.space();
                SearchKey one = key(depth + 1);
                tokens.space();
                yield new SearchKey.Or(one, key(depth + 1));
            }
            case "UID" -> {
                tokens.space();
                yield new SearchKey.InSet(set(), true);
            }
            case "LARGER" -> new SearchKey.Size(number(), Long.MAX_VALUE);
            case "SMALLER" -> new SearchKey.Size(-1, number());
            case "MODSEQ" -> modSeq();
            case "BEFORE", "ON", "SINCE" -> {
                LocalDate[] span = span(name);
                yield new SearchKey.Received(span[0], span[1]);
            }
            case "SENTBEFORE", "SENTON", "SENTSINCE" -> {
                LocalDate[] span = span(name.substring(4));
                yield new SearchKey.Sent(span[0], span[1]);
            }
            case "FROM", "TO", "CC", "BCC", "SUBJECT" ->
                    new SearchKey.InEnvelope(SearchKey.Field.valueOf(name), text());
            case "HEADER" -> {
                String field = text();
                yield new SearchKey.InHeader(field, text());
            }
            case "BODY", "TEXT" -> {
                if (++textKeys > TEXT_KEYS_MAX) {
                    throw new BadCommand("Too many BODY and TEXT keys in one SEARCH");
                }
                yield new SearchKey.InText(text(), name.equals("TEXT"));
            }
            case String _ -> throw new BadCommand("Unknown search key");
        };
    }

    private static SearchKey flag(String name) {
        return new SearchKey.HasFlag(Flags.Flag.valueOf(name));
    }

    private SearchKey keyword() {
        tokens.space();
        return new SearchKey.HasKeyword(FlagList.keyword(tokens));
    }

    private long number() {
        tokens.space();
        return tokens.number();
    }

    private String text() {
        tokens.space();
        return tokens.astring();
    }

    /** The name and kind of an entry may stand before it; we keep one number a message. */
    private SearchKey modSeq() {
        tokens.space();
        if (tokens.peek() == '"') {
            tokens.string();
            tokens.space();
            if (!List.of("PRIV", "SHARED", "ALL").contains(tokens.keyword())) {
                throw new BadCommand("Expected priv, shared or all");
            }
            tokens.space();
        }
        return new SearchKey.ChangedAt(tokens.number());
    }

    private LocalDate[] span(String name) {
        tokens.space();
        LocalDate date = ImapDate.date(tokens);
        return switch (name) {
            case "BEFORE" -> new LocalDate[] {LocalDate.MIN, date};
            case "ON" -> new LocalDate[] {date, date.plusDays(1)};
            case String _ -> new LocalDate[] {date, LocalDate.MAX};
        };
    }
}
