package io.mailkeep.claims;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.testing.client.Dialogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * DAT-4: sends a canary, reads it back, and looks for it in the data directory as a thief of the
 * disk would.
 */
final class Dat4 implements Probe {
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final Target target;

    Dat4(Target target) {
        this.target = target;
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
        String canary = "canary" + HexFormat.of().formatHex(target.randomness().bytes(16));
        String accepted = send(account, canary);
        saw.expect(
                accepted.startsWith("250"),
                "the message was taken: " + accepted.replaceAll("[^ -~]", "?"));
        saw.expect(readBack(account, canary), "its owner reads it back whole");
        List<Path> found = new ArrayList<>();
        int looked = scan(begun, canary, found);
        saw.expect(
                found.isEmpty() && looked > 0,
                found.isEmpty()
                        ? "nothing of it in clear, base64 or hex in "
                                + looked
                                + " files written since"
                        : "the canary stands readable in " + found);
        devices(saw);
        return saw.notBuilt("key transport between nodes, several sites");
    }

    private String send(ProbeAccount account, String canary) throws IOException {
        try (Dialogue smtp = Dialogue.plain(target.host(), target.port("smtp"))) {
            smtp.reply();
            smtp.say("EHLO probe.invalid").reply();
            smtp.say("STARTTLS").reply();
            smtp.secure(target.authority(), List.of("TLSv1.3"));
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

    private boolean readBack(ProbeAccount account, String canary) throws IOException {
        try (Dialogue imap =
                Dialogue.implicit(target.host(), target.port("imaps"), target.authority())) {
            imap.line();
            imap.say("a AUTHENTICATE PLAIN " + account.plain()).linesTo("a ");
            imap.say("b SELECT INBOX").linesTo("b ");
            List<String> lines = imap.say("c FETCH * (BODY.PEEK[])").linesTo("c ");
            boolean whole =
                    lines.stream().anyMatch(line -> line.equals("Subject: " + canary))
                            && lines.stream().anyMatch(line -> line.equals(canary));
            // the canary's mailbox stays small
            imap.say("d STORE 1:* +FLAGS.SILENT (\\Deleted)").linesTo("d ");
            imap.say("e EXPUNGE").linesTo("e ");
            imap.say("f LOGOUT").linesTo("f ");
            return whole;
        }
    }

    /** Looks through files that changed since; answers how many. */
    private int scan(Instant since, String canary, List<Path> found) throws IOException {
        byte[] raw = canary.getBytes(StandardCharsets.US_ASCII);
        List<String> forms = new ArrayList<>(List.of(canary, HexFormat.of().formatHex(raw)));
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[raw.length + offset];
            System.arraycopy(raw, 0, shifted, offset, raw.length);
            String encoded = Base64.getEncoder().encodeToString(shifted);
            forms.add(encoded.substring(offset == 0 ? 0 : offset + 1, shifted.length / 3 * 4));
        }
        int looked = 0;
        for (Path folder : target.dataFolders()) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Files.getLastModifiedTime(file).toInstant().isAfter(since)) {
                        looked++;
                        if (holds(file, forms)) {
                            found.add(file);
                        }
                    }
                }
            } catch (UncheckedIOException | java.nio.file.NoSuchFileException vanished) {
                found.add(
                        folder.resolve(
                                "(a file vanished while it was looked at; run the probe again)"));
            }
        }
        return looked;
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

    private void devices(Sighting saw) throws IOException {
        Map<String, Long> volumes = new TreeMap<>();
        for (Map.Entry<DataClass, Path> volume : target.volumes().entrySet()) {
            volumes.put(volume.getKey().label(), device(volume.getValue()));
        }
        Set<Long> different = new HashSet<>(volumes.values());
        if (different.size() == volumes.size()) {
            saw.expect(true, "the classes' volumes lie on different devices: " + volumes);
        } else {
            saw.notConfigured(
                    "the classes' volumes share a device ("
                            + volumes
                            + "): give each class one of its own, under \"volumes\" in mailkeep.yaml");
        }
        for (Path folder : target.keyFolders()) {
            if (different.contains(device(folder))) {
                saw.notConfigured(
                        "the key folder "
                                + folder
                                + " lies on a device with data: one stolen disk has both; move it,"
                                + " under \"keys\" in mailkeep.yaml");
            } else {
                saw.expect(true, "the key folder " + folder + " lies on a device without data");
            }
        }
    }

    private static long device(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:dev")).longValue();
    }
}
