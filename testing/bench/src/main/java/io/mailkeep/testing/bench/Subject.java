package io.mailkeep.testing.bench;

import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** A server under measurement, started on data of its own; closing it ends it. */
interface Subject extends AutoCloseable {
    /** What the report calls it. */
    String name();

    /** Where mail from other servers goes in, without TLS. */
    Optional<InetSocketAddress> smtp();

    /** Where a server in front of it hands mail over. */
    Optional<InetSocketAddress> lmtp();

    /** Its mailboxes for this use, which keep their order; they are made when first asked for. */
    List<Mailbox> mailboxes(Mailbox.Use use) throws IOException, InterruptedException;

    /** An IMAP session over TLS, signed in. */
    ImapClient session(Mailbox mailbox) throws IOException;

    /** The first of its processes: all others descend from them. */
    List<ProcessHandle> roots();

    @Override
    void close();
}
