package io.mailkeep.imap.internal.command;

import static java.util.Map.entry;

import io.mailkeep.imap.internal.Verb;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The commands there are, one class each. */
public final class Verbs {
    private final Map<String, Verb> verbs =
            Map.ofEntries(
                    entry("CAPABILITY", new Capability()),
                    entry("NOOP", new Noop()),
                    entry("LOGOUT", new Logout()),
                    entry("ID", new Id()),
                    entry("STARTTLS", new StartTls()),
                    entry("AUTHENTICATE", new Authenticate()),
                    entry("LOGIN", new LoginCommand()),
                    entry("ENABLE", new Enable()),
                    entry("SELECT", new Select(false)),
                    entry("EXAMINE", new Select(true)),
                    entry("UNSELECT", new Close(false)),
                    entry("CLOSE", new Close(true)),
                    entry("CREATE", new Create()),
                    entry("DELETE", new Delete()),
                    entry("RENAME", new Rename()),
                    entry("SUBSCRIBE", new Subscribe(true)),
                    entry("UNSUBSCRIBE", new Subscribe(false)),
                    entry("LIST", new List()),
                    entry("LSUB", new Lsub()),
                    entry("NAMESPACE", new Namespace()),
                    entry("STATUS", new Status()),
                    entry("APPEND", new Append()),
                    entry("IDLE", new Idle()),
                    entry("CHECK", new Check()),
                    entry("EXPUNGE", new Expunge(false)),
                    entry("SEARCH", new Search(false)),
                    entry("FETCH", new Fetch(false)),
                    entry("STORE", new Store(false)),
                    entry("COPY", new Copy(false, false)),
                    entry("MOVE", new Copy(false, true)),
                    entry("UID", new UidCommand()));

    /** The command of this name, in capitals. */
    public Optional<Verb> find(String name) {
        return Optional.ofNullable(verbs.get(name));
    }

    /** All their names. */
    public Set<String> names() {
        return verbs.keySet();
    }
}
