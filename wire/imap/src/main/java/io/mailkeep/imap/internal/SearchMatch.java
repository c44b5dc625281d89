package io.mailkeep.imap.internal;

import io.mailkeep.kernel.Uid;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.mailbox.MessageRow;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a message matches. First by its row alone, which settles most; only what is left
 * open then is asked of the opened message.
 */
public final class SearchMatch {
    private final Selected selected;
    private final Map<SearchKey.InSet, Set<Uid>> sets = new HashMap<>();
    private final long octetsMax;

    public SearchMatch(Selected selected, long octetsMax) {
        this.selected = selected;
        this.octetsMax = octetsMax;
    }

    /** Yes, no, or only the content can tell. */
    public enum Answer {
        YES,
        NO,
        OPEN
    }

    private static Answer of(boolean yes) {
        return yes ? Answer.YES : Answer.NO;
    }

    /** By the row alone. */
    public Answer byRow(SearchKey key, MessageRow row) {
        return decide(key, row, Optional.empty());
    }

    /** With the content; never open. */
    public boolean byContent(SearchKey key, Mailbox.Opened opened) {
        Content content = new Content(opened.message(), octetsMax);
        return decide(key, opened.row(), Optional.of(content)) == Answer.YES;
    }

    private Answer decide(SearchKey key, MessageRow row, Optional<Content> content) {
        return switch (key) {
            case SearchKey.And(List<SearchKey> keys) -> all(keys, row, content);
            case SearchKey.Or(SearchKey one, SearchKey other) ->
                    negated(
                            all(
                                    List.of(new SearchKey.Not(one), new SearchKey.Not(other)),
                                    row,
                                    content));
            case SearchKey.Not(SearchKey inner) -> negated(decide(inner, row, content));
            case SearchKey.Constant(boolean value) -> of(value);
            case SearchKey.HasFlag(Flags.Flag flag) -> of(row.flags().system().contains(flag));
            case SearchKey.HasKeyword(String keyword) ->
                    of(row.flags().keywords().contains(keyword));
            case SearchKey.InSet set -> of(members(set).contains(row.uid()));
            case SearchKey.Received(LocalDate from, LocalDate before) ->
                    of(within(LocalDate.ofInstant(row.received(), ZoneOffset.UTC), from, before));
            case SearchKey.Size(long above, long below) ->
                    of(row.size() > above && row.size() < below);
            case SearchKey.ChangedAt(long least) -> of(row.modSeq().value() >= least);
            case SearchKey.Sent(LocalDate from, LocalDate before) ->
                    content.map(it ->
                                    of(
                                            it.sent()
                                                    .map(day -> within(day, from, before))
                                                    .orElse(false)))
                            .orElse(Answer.OPEN);
            case SearchKey.InEnvelope(SearchKey.Field field, String text) ->
                    content.map(it -> of(it.envelopeHas(field, text))).orElse(Answer.OPEN);
            case SearchKey.InHeader(String field, String text) ->
                    content.map(it -> of(it.headerHas(field, text))).orElse(Answer.OPEN);
            case SearchKey.InText(String text, boolean headers) ->
                    content.map(it -> of(it.textHas(text, headers))).orElse(Answer.OPEN);
        };
    }

    private Answer all(List<SearchKey> keys, MessageRow row, Optional<Content> content) {
        Answer answer = Answer.YES;
        for (SearchKey key : keys) {
            switch (decide(key, row, content)) {
                case NO -> {
                    return Answer.NO;
                }
                case OPEN -> answer = Answer.OPEN;
                case YES -> {}
            }
        }
        return answer;
    }

    private static Answer negated(Answer answer) {
        return switch (answer) {
            case YES -> Answer.NO;
            case NO -> Answer.YES;
            case OPEN -> Answer.OPEN;
        };
    }

    private static boolean within(LocalDate day, LocalDate from, LocalDate before) {
        return !day.isBefore(from) && day.isBefore(before);
    }

    private Set<Uid> members(SearchKey.InSet set) {
        return sets.computeIfAbsent(set, it -> new HashSet<>(selected.uids(it.set(), it.byUid())));
    }
}
