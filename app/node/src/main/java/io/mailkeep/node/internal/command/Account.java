package io.mailkeep.node.internal.command;

import java.io.Console;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mailkeep account add|import|list|show|password|disable|enable|alias}. */
@Command(
        name = "account",
        description = "Add, list and change accounts.",
        subcommands = {
            Account.Add.class,
            Import.class,
            Account.Listing.class,
            Account.Show.class,
            Account.Password.class,
            Account.Disable.class,
            Account.Enable.class,
            Account.Alias.class
        })
final class Account {
    /**
     * Reads a password from the terminal, or one line of standard input; never from the argument
     * list (ATK-106).
     */
    private static String askPassword() {
        Console console = System.console();
        if (console.isTerminal()) {
            return new String(console.readPassword("New password: "));
        }
        try {
            String line =
                    new java.io.BufferedReader(
                                    new java.io.InputStreamReader(
                                            System.in, java.nio.charset.StandardCharsets.UTF_8))
                            .readLine();
            if (line == null || line.isEmpty()) {
                throw new CommandFailure(
                        "No password on standard input: give it as one line, or leave out"
                                + " --ask-password to have one generated.");
            }
            return line;
        } catch (java.io.IOException e) {
            throw new CommandFailure("Can't read the password: " + e.getMessage());
        }
    }

    private static void showAccount(JsonNode account, PrintWriter out) {
        out.println(
                Remote.safe(account.path("address")) + "  " + Remote.safe(account.path("name")));
        for (JsonNode alias : account.path("aliases")) {
            out.println("  alias     " + Remote.safe(alias));
        }
        out.println("  account   " + Remote.safe(account.path("id")));
        out.println("  created   " + Remote.safe(account.path("created")));
        out.println(
                "  state     "
                        + (account.path("disabled").asBoolean() ? "disabled" : "enabled")
                        + (account.path("hasPassword").asBoolean() ? "" : ", no password set"));
    }

    private static void showPassword(JsonNode answer, PrintWriter out) {
        if (answer.hasNonNull("password")) {
            out.println(
                    "Password (shown once, stored nowhere): "
                            + Remote.safe(answer.path("password")));
        }
    }

    @Command(
            name = "add",
            description =
                    "Add an account with its mailbox; a password is generated and shown once.")
    static final class Add extends Remote {
        @Parameters(index = "0", paramLabel = "ADDRESS")
        private String address = "";

        @Option(names = "--name", paramLabel = "NAME", description = "The person's name.")
        private String name = "";

        @Option(
                names = "--ask-password",
                description = "Read the password from the terminal or standard input.")
        private boolean ask;

        @Override
        JsonNode ask(AdminClient client) {
            ObjectNode body = AdminClient.body().put("address", address).put("name", name);
            if (ask) {
                body.put("password", askPassword());
            }
            return client.post("accounts", body);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println("Added account " + safe(answer.path("account").path("address")) + ".");
            showPassword(answer, out);
        }
    }

    @Command(name = "list", description = "List the accounts of a company, or of all.")
    static final class Listing extends Remote {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "DOMAIN",
                description = "A domain of the company.")
        private String domain = "";

        @Override
        JsonNode ask(AdminClient client) {
            return client.get("accounts?domain=" + encoded(domain));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            if (answer.isEmpty()) {
                out.println("No account yet. Add one: mailkeep account add ADDRESS --name NAME");
            }
            for (JsonNode account : answer) {
                out.println(
                        safe(account.path("address"))
                                + "  "
                                + safe(account.path("name"))
                                + (account.path("disabled").asBoolean() ? "  (disabled)" : ""));
            }
        }
    }

    @Command(name = "show", description = "Show one account.")
    static final class Show extends Remote {
        @Parameters(index = "0", paramLabel = "ADDRESS")
        private String address = "";

        @Override
        JsonNode ask(AdminClient client) {
            return client.get("account?address=" + encoded(address));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            showAccount(answer, out);
        }
    }

    @Command(
            name = "password",
            description = "Generate or set a password; ends all sessions of the account.")
    static final class Password extends Remote {
        @Parameters(index = "0", paramLabel = "ADDRESS")
        private String address = "";

        @Option(
                names = "--ask-password",
                description = "Read the password from the terminal or standard input.")
        private boolean ask;

        @Override
        JsonNode ask(AdminClient client) {
            ObjectNode body = AdminClient.body().put("address", address);
            if (ask) {
                body.put("password", askPassword());
            }
            return client.post("accounts/password", body);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println(
                    "Changed the password of "
                            + safe(answer.path("account").path("address"))
                            + "; its sessions have ended.");
            showPassword(answer, out);
        }
    }

    /** Disable and enable differ in one word. */
    abstract static class Switch extends Remote {
        @Parameters(index = "0", paramLabel = "ADDRESS")
        private String address = "";

        abstract String verb();

        @Override
        JsonNode ask(AdminClient client) {
            return client.post("accounts/" + verb(), AdminClient.body().put("address", address));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            showAccount(answer, out);
        }
    }

    @Command(
            name = "disable",
            description = "Refuse sign-in and mail; open sessions end within a second.")
    static final class Disable extends Switch {
        @Override
        String verb() {
            return "disable";
        }
    }

    @Command(name = "enable", description = "Undo disable.")
    static final class Enable extends Switch {
        @Override
        String verb() {
            return "enable";
        }
    }

    @Command(
            name = "alias",
            description = "Add (or, with --remove, take away) a further address of an account.")
    static final class Alias extends Remote {
        @Parameters(index = "0", paramLabel = "ADDRESS")
        private String address = "";

        @Parameters(index = "1", paramLabel = "ALIAS")
        private String alias = "";

        @Option(names = "--remove", description = "Take the alias away.")
        private boolean remove;

        @Override
        JsonNode ask(AdminClient client) {
            return client.post(
                    remove ? "accounts/alias/remove" : "accounts/alias",
                    AdminClient.body().put("address", address).put("alias", alias));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            showAccount(answer, out);
        }
    }
}
