package io.mailkeep.node.internal;

import io.mailkeep.audit.Event;
import io.mailkeep.keys.KeysState;
import io.mailkeep.tickets.Operation;
import java.util.List;

/** What a ready node tells the person who started it: where things are, and what to do next. */
final class Welcome {
    private static final String END = "\n  Ctrl-C stops the node.\n";

    private Welcome() {}

    static String text(
            Configuration configuration,
            Installation installation,
            Rooms rooms,
            List<Endpoints.DemoAccount> accounts) {
        StringBuilder text = new StringBuilder("\n");
        services(text, configuration);
        text.append("  Certificates are signed by ")
                .append(configuration.directory().resolve("tls").resolve("ca.pem"))
                .append("\n");
        if (rooms.keys.state() instanceof KeysState.Sealed(String reason, String advice)) {
            return text.append("\nSEALED: ")
                    .append(reason)
                    .append("\n  ")
                    .append(advice)
                    .append("\n" + END)
                    .toString();
        }
        if (installation.fresh()) {
            text.append("\n  Keys lie in ")
                    .append(configuration.keysA())
                    .append(" and ")
                    .append(configuration.keysB())
                    .append(
                            ".\n  Without them nothing here can be read again: keep them apart from data backups, and"
                                    + " on another device.\n");
        }
        if (!accounts.isEmpty()) {
            text.append("\n  Demonstration accounts:\n");
            accounts.forEach(one ->
                    text.append("    ")
                            .append(one.address())
                            .append("  ")
                            .append(one.password())
                            .append('\n'));
        } else if (rooms.directory
                .tenants(rooms.adminAccess().to(Operation.DIRECTORY, Event.INSTALLATION))
                .isEmpty()) {
            String data = " --data " + configuration.directory();
            text.append(
                            "\n  Next, in another terminal:\n    ./mailkeep company add \"Acme\" acme.example")
                    .append(data)
                    .append("\n    ./mailkeep account add you@acme.example --name You")
                    .append(data)
                    .append("\n");
        }
        return text.append(END).toString();
    }

    private static void services(StringBuilder text, Configuration configuration) {
        String host = Endpoints.reachable(configuration.listen());
        line(
                text,
                "IMAP",
                host,
                configuration.port(Setting.PORT_IMAPS),
                "TLS; or " + configuration.port(Setting.PORT_IMAP) + " with STARTTLS");
        line(
                text,
                "Submission",
                host,
                configuration.port(Setting.PORT_SUBMISSIONS),
                "TLS; or " + configuration.port(Setting.PORT_SUBMISSION) + " with STARTTLS");
        line(text, "SMTP", host, configuration.port(Setting.PORT_SMTP), "mail from other servers");
        line(
                text,
                "LMTP",
                "127.0.0.1",
                configuration.port(Setting.PORT_LMTP),
                "mail from a queue on this machine");
        line(text, "HTTPS", host, configuration.port(Setting.PORT_HTTPS), "");
        line(
                text,
                "Health",
                "127.0.0.1",
                configuration.port(Setting.PORT_HEALTH),
                "/health and /metrics");
    }

    private static void line(StringBuilder text, String name, String host, int port, String note) {
        text.append(String.format("  %-11s %s:%d  %s%n", name, host, port, note));
    }
}
