package io.mailkeep.node.internal;

import io.mailkeep.kernel.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How the command line reaches the running node: port on loopback, certificate pin, and a key made
 * anew at each start. Lies in {@code run/admin.json}, which only the node's user can read.
 *
 * @param pin SHA-256 of the server certificate's public key, base64
 */
public record AdminEndpoint(int port, String pin, Secret key, long process) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The file of a data directory. */
    public static Path file(Path directory) {
        return directory.resolve("run").resolve("admin.json");
    }

    /** Writes the file so that nobody else can read it at any moment. */
    public void write(Path directory) throws IOException {
        var tree =
                JSON.createObjectNode()
                        .put("port", port)
                        .put("pin", pin)
                        .put(
                                "key",
                                new String(
                                        key.exposeSecretBytes(),
                                        java.nio.charset.StandardCharsets.US_ASCII))
                        .put("process", process);
        writePrivate(file(directory), JSON.writeValueAsString(tree));
    }

    /** Replaces a file by one that only its owner can read. */
    static void writePrivate(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the file. */
    public static AdminEndpoint read(Path directory) throws IOException {
        JsonNode tree = JSON.readTree(Files.readString(file(directory)));
        return new AdminEndpoint(
                tree.path("port").asInt(),
                tree.path("pin").asString(),
                Secret.ofUtf8(tree.path("key").asString()),
                tree.path("process").asLong());
    }
}
