package io.mailkeep.claims;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.testing.client.Dialogue;
import io.mailkeep.testing.client.ImapClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * DAT-4: sends a canary, reads it back, and looks for it in the data directory as a thief of the
 * disk would.
 */
final class Dat4 implements Probe {
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** Of all mail, until a policy says otherwise. */
    private static final DataClass CLASS = DataClass.SENSITIVE;

    private final Target target;
    private final Services services;

    Dat4(Target target) {
        this.target = target;
        this.services = target.services();
    }

    @Override
    public ClaimId claim() {
        return ClaimId.DAT_4;
    }

    @Override
    public String does() {
        return "sent a canary by SMTP, read it back by IMAP, looked for it in every file of the"
                + " data directory that has changed"
                + " since, and asked the system which devices volumes and key folders lie on";
    }

    @Override
    public Sighting look() throws IOException {
        Sighting saw = new Sighting();
        Instant begun = target.time().instant().minus(SLACK);
        ProbeAccount account = ProbeAccount.of(target);
        Map<Path, Long> before = sizes(volumeOfItsClass());
        String canary = "canary" + HexFormat.of().formatHex(target.randomness().bytes(16));
        String accepted = send(account, canary);
        saw.expect(
                accepted.startsWith("250"),
                "the message was taken: " + accepted.replaceAll("[^ -~]", "?"));
        readBack(account, canary, saw);
        List<Path> found = new ArrayList<>();
        List<Path> written = written(begun);
        int looked = scan(written, canary, found);
        saw.expect(
                found.isEmpty() && looked > 0,
                found.isEmpty()
                        ? "nothing of it in clear, base64 or hex in "
                                + looked
                                + " files written since"
                        : "the canary stands readable in " + found);
        placed(before, saw);
        Devices.ofThisMachine()
                .look(target.volumes(), target.dataFolders(), target.keyFolders(), saw);
        return saw.notBuilt("key transport between nodes, several sites");
    }

    /** The message is of class sensitive: a file where that class belongs has grown since. */
    private void placed(Map<Path, Long> before, Sighting saw) throws IOException {
        boolean there =
                sizes(volumeOfItsClass()).entrySet().stream()
                        .anyMatch(now -> now.getValue() > before.getOrDefault(now.getKey(), 0L));
        saw.expect(
                there,
                there
                        ? "it was written to the volume of its class, " + CLASS.label()
                        : "nothing was written to the volume of its class, " + CLASS.label());
    }

    private Path volumeOfItsClass() throws IOException {
        return Objects.requireNonNull(target.volumes().get(CLASS)).toRealPath();
    }

    private static Map<Path, Long> sizes(Path folder) throws IOException {
        Map<Path, Long> sizes = new HashMap<>();
        walk(folder, (file, attributes) -> sizes.put(file, attributes.size()));
        return sizes;
    }

    private String send(ProbeAccount account, String canary) throws IOException {
        try (Dialogue smtp = Dialogue.plain(services.host(), services.port("smtp"))) {
            smtp.reply();
            smtp.say("EHLO probe.invalid").reply();
            smtp.say("STARTTLS").reply();
            smtp.secure(services.trust(), "TLSv1.3");
            smtp.say("EHLO probe.invalid").reply();
            smtp.say("MAIL FROM:<>").reply();
            smtp.say("RCPT TO:<" + account.address().text() + ">").reply();
            smtp.say("DATA").reply();
            return smtp.say(
                            "Subject: "
                                    + canary
                                    + "\r\nFrom: <probe@probe.invalid>\r\n\r\n"
                                    + canary
                                    + "\r\n.")
                    .reply()
                    .getLast();
        }
    }

    private void readBack(ProbeAccount account, String canary, Sighting saw) {
        try {
            saw.expect(readWhole(account, canary), "its owner reads it back whole");
        } catch (IOException broken) {
            saw.expect(false, "its owner can't read it back: " + broken);
        }
    }

    private boolean readWhole(ProbeAccount account, String canary) throws IOException {
        try (ImapClient imap =
                ImapClient.tls(services.host(), services.port("imaps"), services.trust())) {
            imap.run("AUTHENTICATE PLAIN " + account.plain());
            imap.run("SELECT INBOX");
            List<String> lines = imap.run("FETCH * (BODY.PEEK[])").text().lines().toList();
            boolean whole = lines.contains("Subject: " + canary) && lines.contains(canary);
            // the canary's mailbox stays small
            imap.run("STORE 1:* +FLAGS.SILENT (\\Deleted)");
            imap.run("EXPUNGE");
            imap.run("LOGOUT");
            return whole;
        }
    }

    /** Everything a thief could take that was written since. */
    private List<Path> written(Instant since) throws IOException {
        List<Path> written = new ArrayList<>();
        for (Path folder : folders()) {
            written.addAll(changed(folder, since));
        }
        return written;
    }

    /** Looks through these files; answers through how many. */
    private static int scan(List<Path> written, String canary, List<Path> found)
            throws IOException {
        byte[] raw = canary.getBytes(StandardCharsets.US_ASCII);
        List<String> forms = new ArrayList<>(List.of(canary, HexFormat.of().formatHex(raw)));
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[raw.length + offset];
            System.arraycopy(raw, 0, shifted, offset, raw.length);
            String encoded = Base64.getEncoder().encodeToString(shifted);
            forms.add(encoded.substring(offset == 0 ? 0 : offset + 1, shifted.length / 3 * 4));
        }
        int looked = 0;
        for (Path file : written) {
            try {
                if (holds(file, forms)) {
                    found.add(file);
                }
                looked++;
            } catch (NoSuchFileException gone) {
                // what was deleted meanwhile can't be taken any more
            }
        }
        return looked;
    }

    private static List<Path> changed(Path folder, Instant since) throws IOException {
        List<Path> changed = new ArrayList<>();
        walk(
                folder,
                (file, attributes) -> {
                    if (attributes.lastModifiedTime().toInstant().isAfter(since)) {
                        changed.add(file);
                    }
                });
        return changed;
    }

    /** The files below a folder; one that vanishes meanwhile isn't there. */
    private static void walk(Path folder, BiConsumer<Path, BasicFileAttributes> each)
            throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()) {
                            each.accept(file, attributes);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path left, @Nullable IOException failure) throws IOException {
                        if (failure == null || failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
    }

    /** Everything a thief could take, each folder once: volumes and copies may lie elsewhere. */
    private List<Path> folders() throws IOException {
        List<Path> wanted = new ArrayList<>(target.dataFolders());
        wanted.addAll(target.volumes().values());
        wanted.addAll(target.auditCopies());
        List<Path> folders = new ArrayList<>();
        for (Path folder : wanted) {
            Path real = folder.toRealPath();
            if (folders.stream().noneMatch(real::startsWith)) {
                folders.add(real);
            }
        }
        return folders;
    }

    private static boolean holds(Path file, List<String> forms) throws IOException {
        int overlap = forms.stream().mapToInt(String::length).max().orElse(0);
        byte[] window = new byte[1 << 20];
        int kept = 0;
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(window, 0, window.length);
                    read > 0;
                    read = in.read(window, kept, window.length - kept)) {
                int filled = kept + read;
                String text = new String(window, 0, filled, StandardCharsets.ISO_8859_1);
                if (forms.stream().anyMatch(text::contains)) {
                    return true;
                }
                kept = Math.min(overlap, filled);
                System.arraycopy(window, filled - kept, window, 0, kept);
            }
        }
        return false;
    }
}
