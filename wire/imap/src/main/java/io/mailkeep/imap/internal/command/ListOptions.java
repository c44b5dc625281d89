package io.mailkeep.imap.internal.command;

import io.mailkeep.imap.internal.BadCommand;
import io.mailkeep.imap.internal.Tokens;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The options of an extended LIST (RFC 5258, RFC 5819, RFC 6154 5.2).
 *
 * @param extended the command used the extended syntax
 * @param subscribedOnly selects subscribed folders
 * @param recursive selects folders for what lies below them, too
 * @param specialUseOnly selects folders with a special use
 * @param tellSubscribed says which are subscribed
 * @param status what STATUS tells of each; empty for nothing
 */
record ListOptions(
        boolean extended,
        boolean subscribedOnly,
        boolean recursive,
        boolean specialUseOnly,
        boolean tellSubscribed,
        Set<StatusItem> status) {

    /** The selection options, if there are any; with the space after them. */
    static Set<String> selection(Tokens arguments) {
        if (arguments.peek() != '(') {
            return Set.of();
        }
        Set<String> options = new HashSet<>(arguments.list(16, true, arguments::keyword));
        arguments.space();
        if (!Set.of("SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE").containsAll(options)) {
            throw new BadCommand("Unknown LIST selection option");
        }
        if (options.contains("RECURSIVEMATCH") && !options.contains("SUBSCRIBED")) {
            throw new BadCommand("RECURSIVEMATCH needs SUBSCRIBED");
        }
        return options;
    }

    /** With the return options, if there are any; with the space before them. */
    static ListOptions of(boolean extended, Set<String> selection, Tokens arguments) {
        Set<String> returned = new HashSet<>();
        Set<StatusItem> status = new LinkedHashSet<>();
        boolean returns = arguments.take(" RETURN ");
        if (returns) {
            arguments.list(
                    16,
                    true,
                    () -> {
                        String option = arguments.keyword();
                        if (option.equals("STATUS")) {
                            arguments.space();
                            status.addAll(StatusItem.parse(arguments));
                        }
                        return returned.add(option);
                    });
        }
        if (!Set.of("SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "STATUS").containsAll(returned)) {
            throw new BadCommand("Unknown LIST return option");
        }
        return new ListOptions(
                extended || returns,
                selection.contains("SUBSCRIBED"),
                selection.contains("RECURSIVEMATCH"),
                selection.contains("SPECIAL-USE"),
                selection.contains("SUBSCRIBED") || returned.contains("SUBSCRIBED"),
                status);
    }

    /** Whether a name itself is selected. */
    boolean selects(Listed.Entry entry) {
        return (!subscribedOnly || entry.subscribed())
                && (!specialUseOnly || !entry.specialUse().isEmpty());
    }
}
