package io.mailkeep.node.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code run/endpoints.json}: where programs find the services; readable by the node's user alone.
 */
public final class Endpoints {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Endpoints() {}

    /** An account of the demonstration, with its password in clear. */
    record DemoAccount(String address, String password) {
        @Override
        public String toString() {
            return "[account]";
        }
    }

    /** Writes the file. Paths in it are relative to the data directory. */
    static void write(Configuration configuration, List<DemoAccount> accounts) throws IOException {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("ca", "tls/ca.pem");
        String host = reachable(configuration.listen());
        put(tree, "smtp", host, configuration.port(Setting.PORT_SMTP), "starttls");
        put(tree, "submission", host, configuration.port(Setting.PORT_SUBMISSION), "starttls");
        put(tree, "submissions", host, configuration.port(Setting.PORT_SUBMISSIONS), "implicit");
        put(tree, "lmtp", "127.0.0.1", configuration.port(Setting.PORT_LMTP), "none");
        put(tree, "imap", host, configuration.port(Setting.PORT_IMAP), "starttls");
        put(tree, "imaps", host, configuration.port(Setting.PORT_IMAPS), "implicit");
        put(tree, "https", host, configuration.port(Setting.PORT_HTTPS), "implicit");
        put(tree, "health", "127.0.0.1", configuration.port(Setting.PORT_HEALTH), "none");
        if (!accounts.isEmpty()) {
            var list = tree.putArray("accounts");
            accounts.forEach(one ->
                    list.addObject().put("address", one.address()).put("password", one.password()));
        }
        AdminEndpoint.writePrivate(file(configuration.directory()), JSON.writeValueAsString(tree));
    }

    /** The file of a data directory. */
    public static Path file(Path directory) {
        return directory.resolve("run").resolve("endpoints.json");
    }

    /** A listener on all addresses is reached on loopback from this machine. */
    static String reachable(String listen) {
        return listen.equals("0.0.0.0") ? "127.0.0.1" : listen.equals("::") ? "::1" : listen;
    }

    private static void put(ObjectNode tree, String service, String host, int port, String tls) {
        tree.putObject(service).put("host", host).put("port", port).put("tls", tls);
    }
}
