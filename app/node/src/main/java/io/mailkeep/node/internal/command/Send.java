package io.mailkeep.node.internal.command;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import io.mailkeep.node.internal.Endpoints;
import io.mailkeep.testing.client.SmtpClient;
import io.mailkeep.testing.client.SmtpReply;
import io.mailkeep.testing.client.Trust;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code mailkeep send}: sends one message to the running node by SMTP, as any client would; no
 * door of its own. Without {@code --as} it comes in as from another server, with it as submitted by
 * that account, whose password never stands in the argument list (ATK-106).
 */
@Command(
        name = "send",
        description = {
            "Send a message to the running node by SMTP, over TLS, and say what it answered.",
            "Without --as it arrives as from another server; with --as the account signs in and"
                    + " submits it.",
            "The text comes from --text, or from standard input."
        })
final class Send extends Remote {
    private static final Pattern QUEUE_ID = Pattern.compile("; ([A-Za-z0-9-]+)$");

    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "Whom to send to.")
    private List<String> recipients = List.of();

    @Option(
            names = "--as",
            paramLabel = "ADDRESS",
            description =
                    "The account that signs in; its password is asked for, unless it is one of the"
                            + " demonstration's.")
    private Optional<String> account = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Take the password from the first line of this file instead.")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "The sender (default: the account, or postmaster@localhost.localdomain).")
    private Optional<String> from = Optional.empty();

    @Option(names = "--subject", paramLabel = "TEXT", description = "The subject.")
    private String subject = "A message from the command line";

    @Option(names = "--text", paramLabel = "TEXT", description = "The message's text.")
    private Optional<String> text = Optional.empty();

    @Option(names = "--attach", paramLabel = "FILE", description = "Attach a file; repeatable.")
    private List<Path> attachments = new ArrayList<>();

    @Override
    JsonNode ask(AdminClient client) {
        JsonNode endpoints = endpoints();
        String sender = from.or(() -> account).orElse("postmaster@localhost.localdomain");
        byte[] message = message(sender);
        JsonNode service = endpoints.path(account.isPresent() ? "submissions" : "smtp");
        InetSocketAddress address =
                new InetSocketAddress(
                        service.path("host").asString(), service.path("port").asInt());
        try {
            SSLContext trust = Trust.in(directory().resolve(endpoints.path("ca").asString()));
            return account.isPresent()
                    ? submitted(address, trust, endpoints, sender, message)
                    : relayed(address, trust, sender, message);
        } catch (IOException broken) {
            throw new CommandFailure("The message wasn't sent: " + broken.getMessage());
        } catch (AssertionError broken) {
            throw new CommandFailure(
                    "The message wasn't sent; the dialogue broke off: " + broken.getMessage());
        }
    }

    private JsonNode relayed(
            InetSocketAddress address, SSLContext trust, String sender, byte[] message)
            throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(address)) {
            need(smtp.reply(), 220);
            say(smtp, "EHLO localhost.localdomain", 250);
            say(smtp, "STARTTLS", 220);
            smtp.secure(trust);
            say(smtp, "EHLO localhost.localdomain", 250);
            return transaction(smtp, sender, message);
        }
    }

    private JsonNode submitted(
            InetSocketAddress address,
            SSLContext trust,
            JsonNode endpoints,
            String sender,
            byte[] message)
            throws IOException {
        String password = password(endpoints);
        try (SmtpClient smtp = SmtpClient.connectTls(address, trust)) {
            need(smtp.reply(), 220);
            say(smtp, "EHLO localhost.localdomain", 250);
            need(smtp.signIn(account.orElseThrow(), password).reply(), 235);
            return transaction(smtp, sender, message);
        }
    }

    private JsonNode transaction(SmtpClient smtp, String sender, byte[] message)
            throws IOException {
        say(smtp, "MAIL FROM:<" + sender + "> SIZE=" + message.length, 250);
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        ArrayNode taken = answer.putArray("accepted");
        ArrayNode refused = answer.putArray("refused");
        for (String recipient : recipients) {
            SmtpReply reply = say(smtp, "RCPT TO:<" + recipient + ">");
            if (reply.code() == 250) {
                taken.add(recipient);
            } else {
                refused.addObject().put("address", recipient).put("answer", reply.toString());
            }
        }
        if (!taken.isEmpty()) {
            say(smtp, "DATA", 354);
            SmtpReply reply = smtp.raw(SmtpClient.stuffed(message)).reply();
            need(reply, 250);
            answer.put("answer", reply.toString());
            Matcher id = QUEUE_ID.matcher(reply.toString());
            if (id.find()) {
                answer.put("queueId", id.group(1));
            }
        }
        say(smtp, "QUIT", 221);
        return answer;
    }

    private static void say(SmtpClient smtp, String line, int code) throws IOException {
        need(say(smtp, line), code);
    }

    private static SmtpReply say(SmtpClient smtp, String line) throws IOException {
        if (line.chars().anyMatch(c -> c < ' ')) {
            throw new CommandFailure("An address can't hold control characters.");
        }
        return smtp.send(line).reply();
    }

    private static void need(SmtpReply reply, int code) {
        if (reply.code() != code) {
            throw new CommandFailure("The message wasn't sent; the node answered: " + reply);
        }
    }

    private byte[] message(String sender) {
        try {
            String body =
                    text.isPresent()
                            ? text.get()
                            : new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            return new Letter(sender, recipients, subject, body, attachments)
                    .bytes(Time.system(), Randomness.system());
        } catch (IOException unreadable) {
            throw new CommandFailure(
                    "Can't read what is to be sent: "
                            + unreadable.getClass().getSimpleName()
                            + ": "
                            + unreadable.getMessage());
        }
    }

    private JsonNode endpoints() {
        try {
            return JsonMapper.shared().readTree(Files.readString(Endpoints.file(directory())));
        } catch (IOException unreadable) {
            throw new CommandFailure(
                    "Can't read run/endpoints.json of the node: " + unreadable.getMessage());
        }
    }

    private String password(JsonNode endpoints) throws IOException {
        if (passwordFile.isPresent()) {
            try (var lines = Files.lines(passwordFile.get())) {
                return lines.findFirst()
                        .orElseThrow(() -> new CommandFailure("The password file is empty."));
            }
        }
        for (JsonNode known : endpoints.path("accounts")) {
            if (known.path("address").asString().equalsIgnoreCase(account.orElseThrow())) {
                return known.path("password").asString();
            }
        }
        var console = System.console();
        if (!console.isTerminal()) {
            throw new CommandFailure(
                    "No terminal to ask for the password: name a file that holds it with"
                            + " --password-file.");
        }
        return new String(console.readPassword("Password of %s: ", account.orElseThrow()));
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        if (answer.hasNonNull("answer")) {
            out.println("Sent. The node answered: " + safe(answer.path("answer")));
        }
        for (JsonNode refused : answer.path("refused")) {
            out.println(
                    "Refused for "
                            + safe(refused.path("address"))
                            + ": "
                            + safe(refused.path("answer")));
        }
        if (answer.hasNonNull("queueId")) {
            out.println("What became of it: mailkeep trace " + safe(answer.path("queueId")));
        }
    }

    @Override
    int status(JsonNode answer) {
        return answer.path("refused").isEmpty() ? 0 : 1;
    }
}
