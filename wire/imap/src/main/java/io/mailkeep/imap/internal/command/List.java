package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.ListPattern;
import io.mailkeep.imap.internal.Reply;
import io.mailkeep.imap.internal.ResponseWriter;
import io.mailkeep.imap.internal.Session;
import io.mailkeep.imap.internal.Tokens;
import io.mailkeep.imap.internal.Verb;
import io.mailkeep.mailbox.FolderName;
import io.mailkeep.mailbox.Mailbox;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Optional;
import java.util.Set;

/** LIST, with its extensions (RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154). */
final class List implements Verb {
    @Override
    public Stage stage() {
        return Stage.SIGNED_IN;
    }

    @Override
    public Reply run(Session session, Tokens arguments) throws IOException {
        arguments.space();
        boolean selects = arguments.peek() == '(';
        Set<String> selection = ListOptions.selection(arguments);
        String reference = arguments.astring();
        arguments.space();
        boolean several = arguments.peek() == '(';
        java.util.List<String> patterns =
                several
                        ? arguments.list(session.limits().patterns(), true, arguments::pattern)
                        : java.util.List.of(arguments.pattern());
        ListOptions options = ListOptions.of(selects || several, selection, arguments);
        arguments.end();
        if (!options.extended() && patterns.getFirst().isEmpty()) {
            // The special request for the delimiter (RFC 9051 6.3.9).
            session.out().line("* LIST (\\Noselect) \"/\" \"\"");
            return Reply.ok("LIST completed");
        }
        java.util.List<ListPattern> wanted =
                patterns.stream()
                        .flatMap(one -> pattern(session, reference + one).stream())
                        .toList();
        Mailbox mailbox = session.mailbox(Operation.READ);
        Listed listed =
                new Listed(
                        mailbox.folders(),
                        options.subscribedOnly()
                                ? mailbox.lostSubscriptions()
                                : java.util.List.of());
        for (Listed.Entry entry : listed.entries()) {
            if (matches(wanted, entry.name())) {
                write(session, mailbox, listed, entry, wanted, options);
            }
        }
        return Reply.ok("LIST completed");
    }

    /** A pattern in the form that names have here; one that no name can match is none. */
    private static Optional<ListPattern> pattern(Session session, String wire) {
        Optional<String> text = session.rev2() ? Optional.of(wire) : Utf7Pattern.decode(wire);
        return text.map(it -> ListPattern.of(Normalizer.normalize(it, Normalizer.Form.NFC)));
    }

    private static boolean matches(java.util.List<ListPattern> wanted, FolderName name) {
        return wanted.stream().anyMatch(one -> one.matches(name.value()));
    }

    private static void write(
            Session session,
            Mailbox mailbox,
            Listed listed,
            Listed.Entry entry,
            java.util.List<ListPattern> wanted,
            ListOptions options)
            throws IOException {
        boolean itself = options.selects(entry);
        java.util.List<FolderName> belowIt =
                options.recursive()
                        ? listed.selectedBelow(entry.name(), options)
                        : java.util.List.of();
        boolean below = !belowIt.isEmpty();
        // One that is listed itself needs no mention above it (RFC 9051 6.3.9.6).
        if (!itself && belowIt.stream().allMatch(one -> matches(wanted, one))) {
            return;
        }
        ResponseWriter line =
                new FolderLine(session)
                        .start(
                                "LIST",
                                entry.name(),
                                listed.attributes(entry, options.tellSubscribed()));
        if (below) {
            // RFC 5258 3.5: RECURSIVEMATCH stands beside SUBSCRIBED, the only base option there is.
            line.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
        }
        line.end();
        if (!options.status().isEmpty() && itself && entry.folder().isPresent()) {
            StatusItem.write(session, mailbox, entry.folder().get(), options.status());
        }
    }
}
