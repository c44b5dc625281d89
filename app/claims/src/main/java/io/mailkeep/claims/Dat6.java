package io.mailkeep.claims;

import io.mailkeep.audit.LogReader;
import io.mailkeep.audit.LogVerifier;
import io.mailkeep.audit.LoggedEntry;
import io.mailkeep.audit.NoSubjects;
import io.mailkeep.kernel.EventType;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * DAT-6: fails to sign in and looks for it on both copies of the log; then edits a copy of the log
 * and has it verified.
 */
final class Dat6 implements Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long COPIED_ENTRIES = 200_000;

    private final Target target;

    Dat6(Target target) {
        this.target = target;
    }

    @Override
    public ClaimId claim() {
        return ClaimId.DAT_6;
    }

    @Override
    public String does() {
        return "signed in with a wrong password, looked for the attempt on both copies of the audit"
                + " log, verified both in full"
                + " from their files, and had an edited copy verified";
    }

    @Override
    public Sighting look() throws IOException, InterruptedException {
        Sighting saw = new Sighting();
        ProbeAccount account = ProbeAccount.of(target);
        List<Long> before = new ArrayList<>();
        for (Path copy : target.auditCopies()) {
            before.add(reader(copy).size());
        }
        String refused = wrongPassword(account);
        saw.expect(refused.startsWith("NO"), "a wrong password is refused: " + refused);
        long deadline = target.time().nanos() + PATIENCE.toNanos();
        for (int i = 0; i < target.auditCopies().size(); i++) {
            Path copy = target.auditCopies().get(i);
            Optional<LoggedEntry> entry = awaitAttempt(copy, before.get(i), deadline);
            saw.expect(
                    entry.isPresent(),
                    entry.map(found ->
                                    "copy "
                                            + copy.getFileName()
                                            + " tells of it in entry "
                                            + found.index())
                            .orElse("copy " + copy.getFileName() + " doesn't tell of it"));
        }
        var verdict =
                LogVerifier.verify(
                        target.auditCopies(),
                        target.verifierKey(),
                        Optional.empty(),
                        target.time());
        saw.expect(
                verdict.sound(),
                verdict.sound()
                        ? "both copies verify, " + verdict.size() + " entries"
                        : String.join(" ", verdict.sentences()));
        edited(verdict.size(), saw);
        return saw.notBuilt("detectors with alerts, the query who has seen what");
    }

    private LogReader reader(Path copy) {
        return new LogReader(copy, target.verifierKey(), new NoSubjects());
    }

    private String wrongPassword(ProbeAccount account) throws IOException {
        Services services = target.services();
        try (ImapClient imap =
                ImapClient.tls(services.host(), services.port("imaps"), services.trust())) {
            return imap.run("AUTHENTICATE PLAIN " + account.plain("not the password")).tagged();
        }
    }

    /** Looks once at least, and then until the deadline. */
    private Optional<LoggedEntry> awaitAttempt(Path copy, long since, long deadline)
            throws InterruptedException {
        List<LoggedEntry> found = new ArrayList<>();
        boolean patient = true;
        while (found.isEmpty() && patient) {
            patient = deadline - target.time().nanos() > 0;
            reader(copy).stream(
                    since,
                    entry ->
                            entry.type().equals(EventType.SIGN_IN.id())
                                    && !entry.decision().equals("GRANTED"),
                    found::add);
            if (found.isEmpty() && patient) {
                target.time().sleep(Duration.ofMillis(100));
            }
        }
        return found.stream().findFirst();
    }

    /**
     * Flips one bit of the newest entries in a copy made for this, and lets the verifier find it.
     */
    private void edited(long size, Sighting saw) throws IOException {
        if (size > COPIED_ENTRIES) {
            saw.expect(
                    true,
                    "the log is too long to be copied for an edit; the tests show that an edit is named");
            return;
        }
        Path scratch = Files.createTempDirectory("mailkeep-claims");
        try {
            Path copy = scratch.resolve("log");
            copy(target.auditCopies().getFirst(), copy);
            Path bundle;
            try (Stream<Path> files = Files.walk(copy.resolve("tile").resolve("entries"))) {
                // the newest: what older partial bundles held stands in it too, and they aren't
                // read any more
                bundle =
                        files.filter(Files::isRegularFile)
                                .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                                .orElseThrow();
            }
            byte[] bytes = Files.readAllBytes(bundle);
            bytes[bytes.length / 2] ^= 1;
            Files.write(bundle, bytes);
            var verdict =
                    LogVerifier.verify(
                            List.of(copy), target.verifierKey(), Optional.empty(), target.time());
            saw.expect(
                    !verdict.sound(),
                    "one flipped bit in a copy is found"
                            + verdict.firstBad().map(index -> ", in entry " + index).orElse(""));
        } finally {
            try (Stream<Path> files = Files.walk(scratch)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
