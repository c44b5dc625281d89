package io.mailkeep.testing.bench;

import java.io.IOException;

/** A server that keeps the mail itself, and can be started anew. */
interface MailStore extends Subject {
    /** Starts it; returns when it greets whoever reads mail. */
    void start() throws IOException, InterruptedException;

    /** Stops it as an operator would, and waits. */
    void stop();

    /** One like it that was never started, in an empty folder of its own. */
    MailStore another() throws IOException, InterruptedException;

    /** What it has on disk now. */
    Disk disk() throws IOException, InterruptedException;

    /**
     * Makes it forget what it noted of a mailbox for readers, as if nobody had read there; no
     * session is open on it.
     */
    void forgetReaders(Mailbox mailbox) throws IOException;

    /**
     * Bytes on disk, as blocks that nobody else can use.
     *
     * @param mail where the messages are
     * @param besides indexes and the like
     */
    record Disk(long mail, long besides) {}
}
