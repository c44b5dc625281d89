package io.mailkeep.node.internal;

import io.mailkeep.api.Refusal;
import io.mailkeep.audit.Event;
import io.mailkeep.identity.Directory;
import io.mailkeep.kernel.Secret;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demonstration: two companies with three accounts each; passwords are random and stand in
 * endpoints.json only.
 */
final class DemoData {
    private static final List<String> DOMAINS = List.of("example.test", "example2.test");
    private static final List<String> PEOPLE = List.of("alice", "bob", "carol");

    private DemoData() {}

    /**
     * Makes what is missing; answers the accounts with their passwords, which stay the same over
     * restarts.
     */
    static List<Endpoints.DemoAccount> ensure(
            Configuration configuration, Rooms rooms, Progress progress) throws IOException {
        Path directory = configuration.directory();
        Access access = rooms.adminAccess().to(Operation.DIRECTORY, Event.INSTALLATION);
        List<Endpoints.DemoAccount> known = known(directory);
        List<Endpoints.DemoAccount> accounts = new ArrayList<>();
        for (String domain : DOMAINS) {
            if (rooms.directory.tenants(access).stream()
                    .noneMatch(tenant -> tenant.domains().contains(domain))) {
                progress.say("Making the demonstration company " + domain + " …");
                String name = domain.equals("example.test") ? "Example" : "Example Two";
                Refusal.orRefuse(rooms.directory.addTenant(access, name, "default", domain));
            }
            for (String person : PEOPLE) {
                accounts.add(account(rooms.directory, access, person, domain, known));
            }
        }
        if (known.isEmpty()) {
            progress.say("Sending a little mail …");
            for (Endpoints.DemoAccount account : accounts) {
                welcome(configuration, account.address());
            }
        }
        return accounts;
    }

    /** Two messages to an account, over SMTP like anybody's. */
    private static void welcome(Configuration configuration, String address) throws IOException {
        var server =
                new InetSocketAddress(
                        Endpoints.reachable(configuration.listen()),
                        configuration.port(Setting.PORT_SMTP));
        for (String[] message : MESSAGES) {
            try (SmtpClient smtp = SmtpClient.connect(server)) {
                smtp.greet()
                        .deliver(
                                "hello@demo.invalid",
                                List.of(address),
                                ("From: Mailkeep <hello@demo.invalid>\r\nTo: <"
                                                + address
                                                + ">\r\nSubject: "
                                                + message[0]
                                                + "\r\n\r\n"
                                                + message[1]
                                                + "\r\n")
                                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static final List<String[]> MESSAGES =
            List.of(
                    new String[] {
                        "Welcome to Mailkeep",
                        "This message lies encrypted in a volume of its class, under a key that is yours alone."
                    },
                    new String[] {
                        "What to try next",
                        "Run \"mailkeep claims verify\" and \"mailkeep audit tail\": each reading"
                                + " of this message is told there."
                    });

    private static Endpoints.DemoAccount account(
            Directory directory,
            Access access,
            String person,
            String domain,
            List<Endpoints.DemoAccount> known) {
        String text = person + "@" + domain;
        EmailAddress address = EmailAddress.parse(text).orElseThrow();
        Optional<Endpoints.DemoAccount> before =
                known.stream().filter(one -> one.address().equals(text)).findFirst();
        boolean exists = directory.account(access, address).isPresent();
        if (exists && before.isPresent()) {
            return before.get();
        }
        Directory.NewAccount made =
                exists
                        ? Refusal.orRefuse(directory.setPassword(access, address, Optional.empty()))
                        : Refusal.orRefuse(
                                directory.addAccount(
                                        access, address, name(person), Optional.empty()));
        Secret password = made.generated().orElseThrow();
        return new Endpoints.DemoAccount(
                text, new String(password.exposeSecretBytes(), StandardCharsets.UTF_8));
    }

    private static String name(String person) {
        return Character.toUpperCase(person.charAt(0)) + person.substring(1) + " Example";
    }

    private static List<Endpoints.DemoAccount> known(Path directory) throws IOException {
        Path file = Endpoints.file(directory);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Endpoints.DemoAccount> known = new ArrayList<>();
        for (JsonNode one : JsonMapper.shared().readTree(Files.readString(file)).path("accounts")) {
            known.add(
                    new Endpoints.DemoAccount(
                            one.path("address").asString(), one.path("password").asString()));
        }
        return known;
    }
}
