package io.mailkeep.smtp;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often a service answered each command, by the class of the reply (RFC 5321 4.2.1): {@code
 * DATA} with 2 is a message accepted, {@code RCPT} with 5 a recipient refused. Since the start; no
 * count ever falls. Unknown commands aren't counted, so a client can't make it grow.
 */
public final class Answers {
    private final Map<Answer, LongAdder> counts = new ConcurrentHashMap<>();

    private record Answer(String verb, int replyClass) {}

    /**
     * How often {@code verb} was answered so.
     *
     * @param replyClass the reply code's first digit: 2 done, 4 not now, 5 no
     */
    public long count(String verb, int replyClass) {
        LongAdder count = counts.get(new Answer(verb, replyClass));
        return count == null ? 0 : count.sum();
    }

    /** Counts one; {@code verb} is one of those there are. */
    public void add(String verb, int replyClass) {
        counts.computeIfAbsent(new Answer(verb, replyClass), _ -> new LongAdder()).increment();
    }
}
