package io.mailkeep.database;

import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Another process that runs our PostgreSQL, for tests that kill it. */
final class ChildNode {
    private ChildNode() {}

    /** Starts on the directory given, prints the postmaster's process id, and stays. */
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedPostgres postgres =
                EmbeddedPostgres.start(
                        Path.of(arguments[0]), Time.system(), Randomness.system(), sentence -> {});
        byte[] line =
                ("ready " + postgres.postmaster().orElseThrow() + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        System.out.write(line, 0, line.length);
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
