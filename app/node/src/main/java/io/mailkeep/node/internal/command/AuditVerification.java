package io.mailkeep.node.internal.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

final class AuditVerification {
    private AuditVerification() {}

    static int run(
            Optional<Path> data,
            List<Path> logs,
            Optional<Path> key,
            boolean json,
            PrintWriter out) {
        throw new UnsupportedOperationException();
    }
}
