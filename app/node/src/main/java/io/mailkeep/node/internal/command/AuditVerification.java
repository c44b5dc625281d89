package io.mailkeep.node.internal.command;

import io.mailkeep.audit.LogVerifier;
import io.mailkeep.kernel.Time;
import io.mailkeep.node.internal.ConfigurationCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mailkeep audit verify}: files and the public key, no node. */
final class AuditVerification {
    private static final String KEY_FILE = "log.vkey";

    private AuditVerification() {}

    static int run(
            Optional<Path> data, List<Path> logs, Optional<Path> key, boolean json, PrintWriter out)
            throws IOException {
        List<Path> copies =
                logs.isEmpty() ? ConfigurationCheck.auditCopies(configured(data)) : logs;
        Path keyFile = key.orElse(copies.getFirst().resolve(KEY_FILE));
        if (!Files.isRegularFile(keyFile)) {
            throw new CommandFailure(
                    "There is no verifier key at "
                            + keyFile
                            + ": name the file with --key, best a copy that you kept apart from the log.");
        }
        LogVerifier.Verdict verdict =
                LogVerifier.verify(
                        copies, Files.readString(keyFile).strip(), Optional.empty(), Time.system());
        if (json) {
            ObjectNode tree = JsonMapper.shared().createObjectNode();
            tree.put("sound", verdict.sound()).put("entries", verdict.size());
            verdict.firstBad().ifPresent(index -> tree.put("firstBad", index));
            var sentences = tree.putArray("sentences");
            verdict.sentences().forEach(sentences::add);
            out.println(JsonMapper.shared().writeValueAsString(tree));
        } else if (verdict.sound()) {
            out.println(
                    "Sound: "
                            + verdict.size()
                            + " entries in "
                            + copies.size()
                            + " "
                            + (copies.size() == 1 ? "copy" : "copies")
                            + "; every hash was computed again, and the checkpoint's signature holds.");
        } else {
            verdict.sentences().forEach(out::println);
            verdict.firstBad().ifPresent(index -> out.println("First bad entry: " + index));
        }
        out.flush();
        return verdict.sound() ? 0 : 1;
    }

    private static Path configured(Optional<Path> data) {
        Path directory = DataDirectory.of(data);
        if (!Files.isRegularFile(directory.resolve("mailkeep.yaml"))) {
            throw new CommandFailure(
                    "There is no mailkeep.yaml in "
                            + directory
                            + ": name the data directory with --data, or the copies of the log with --log.");
        }
        return directory;
    }
}
