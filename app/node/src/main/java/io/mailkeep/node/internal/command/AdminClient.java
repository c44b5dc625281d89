package io.mailkeep.node.internal.command;

import io.mailkeep.node.internal.AdminEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls the running node's administration API; trusts its pinned certificate alone. */
final class AdminClient {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final AdminEndpoint endpoint;
    private final HttpClient http;

    /** The node's answer that it doesn't do what was asked, with its sentence for people. */
    static final class Refused extends CommandFailure {
        private static final long serialVersionUID = 1L;

        private final int status;

        private Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        /** Whether asking again may help: nothing is wrong with what was asked. */
        boolean isPassing() {
            return status == 503;
        }
    }

    /** Of a node that may have much to do; one that doesn't run refuses at once. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private AdminClient(AdminEndpoint endpoint, HttpClient http) {
        this.endpoint = endpoint;
        this.http = http;
    }

    /**
     * The node that runs on this data directory; a {@link CommandFailure} says what to do if none
     * does.
     */
    static AdminClient of(Path directory) {
        try {
            AdminEndpoint endpoint = AdminEndpoint.read(directory);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {new PinnedTrust(endpoint.pin())}, null);
            HttpClient http =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(CONNECT)
                            .sslContext(tls)
                            .build();
            return new AdminClient(endpoint, http);
        } catch (NoSuchFileException e) {
            throw notRunning(directory);
        } catch (AccessDeniedException e) {
            throw new CommandFailure(
                    "The node on "
                            + directory
                            + " belongs to another user: only that user (or root) can administer it.");
        } catch (IOException e) {
            throw new CommandFailure(
                    "Can't read " + AdminEndpoint.file(directory) + ": " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process that wrote the endpoint file. */
    long process() {
        return endpoint.process();
    }

    private static CommandFailure notRunning(Path directory) {
        return new CommandFailure(
                "No node runs on "
                        + directory
                        + ". Start it with \"mailkeep up --data "
                        + directory
                        + "\", or name its data directory with --data.");
    }

    JsonNode get(String path) {
        return call("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    JsonNode post(String path, ObjectNode body) {
        return call(
                "POST", path, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    }

    static ObjectNode body() {
        return JSON.createObjectNode();
    }

    private JsonNode call(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("https://127.0.0.1:" + endpoint.port() + "/v1/" + path))
                        .timeout(Duration.ofMinutes(10))
                        .header(
                                "Authorization",
                                "Bearer "
                                        + new String(
                                                endpoint.key().exposeSecretBytes(),
                                                StandardCharsets.US_ASCII))
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode answer =
                    response.body().isEmpty()
                            ? JSON.createObjectNode()
                            : JSON.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new Refused(
                        response.statusCode(),
                        answer.path("detail")
                                .asString(
                                        "The node refused with HTTP status "
                                                + response.statusCode()
                                                + "."));
            }
            return answer;
        } catch (java.net.ConnectException e) {
            throw new CommandFailure(
                    "The node that wrote run/admin.json (process "
                            + endpoint.process()
                            + ") doesn't answer: it has stopped or is still starting. Start it with \"mailkeep up\".");
        } catch (IOException e) {
            throw new CommandFailure("The node didn't answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(
                    "Interrupted while waiting for the node; the command may still have been carried out.");
        }
    }
}
