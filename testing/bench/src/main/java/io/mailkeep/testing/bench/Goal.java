package io.mailkeep.testing.bench;

import java.util.List;

/**
 * How many times better than a peer we mean to be.
 *
 * @param figure of which value
 * @param unit of which value
 * @param peer the beginning of the names of those that are compared with; the best of them counts
 * @param factor at least; more is better whatever the unit
 */
record Goal(String figure, String unit, String peer, double factor) {
    /** What the benchmark is for. */
    static final List<Goal> ALL =
            List.of(
                    new Goal("SMTP 4 KiB, 64 connections", "messages/s", "Postfix", 8),
                    new Goal("SMTP 4 KiB, 64 connections: processor", "ms/message", "Postfix", 10),
                    new Goal("SMTP 4 KiB, 64 connections: p99 of 250", "ms", "Postfix", 7),
                    new Goal("SMTP 4 KiB, 1 connection", "messages/s", "Postfix", 2),
                    new Goal("SMTP 1 MiB, 4 connections", "messages/s", "Postfix", 2),
                    new Goal("LMTP 4 KiB, 64 connections", "messages/s", "Dovecot", 3),
                    new Goal("LMTP 4 KiB, 64 connections: processor", "ms/message", "Dovecot", 4),
                    new Goal("LMTP 4 KiB, 1 connection", "messages/s", "Dovecot", 1.3),
                    new Goal("LMTP 1 MiB, 4 connections", "messages/s", "Dovecot", 1));
}
