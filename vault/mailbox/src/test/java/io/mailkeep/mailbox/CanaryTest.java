package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.database.SharedPostgres;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing personal that a mailbox is told lies in clear on any disk. */
@Claim({"DAT-4", "DAT-1"})
class CanaryTest {
    @Test
    void noCanaryIsInTheDataDirectoryOrTheDatabasesFiles() throws Exception {
        String canary = "canary" + HexFormat.of().formatHex(Randomness.system().bytes(9));
        try (StoreFixture store = StoreFixture.open()) {
            Person person = store.person();
            String text =
                    "From: %1$s@%1$s.example\r\nSubject: %1$s\r\n\r\n%1$s in the body\r\n"
                            .formatted(canary);
            Delivery plain = store.delivery(person, store.id(), store.message(text));
            Delivery traced =
                    new Delivery(
                            plain.access(),
                            plain.id(),
                            plain.folder(),
                            plain.message(),
                            ("Return-Path: <" + canary + "@a.example>\r\n")
                                    .getBytes(StandardCharsets.UTF_8),
                            plain.flags(),
                            plain.received(),
                            plain.standing(),
                            Map.of());
            done(store.mailboxes().dropbox().deliver(List.of(traced)).getFirst());
            FolderName name = FolderName.parse(canary + "/" + canary).orElseThrow();
            done(store.mailbox(person, Operation.FOLDERS).create(name, SpecialUse.NONE));
            done(
                    store.mailbox(person, Operation.FLAG)
                            .store(
                                    store.inbox(person).id(),
                                    List.of(new io.mailkeep.kernel.Uid(1)),
                                    new Mailbox.FlagChange(
                                            Mailbox.FlagChange.Mode.ADD,
                                            new Flags(Set.of(), Set.of(canary))),
                                    Optional.empty()));
            List<Path> folders = new ArrayList<>(store.dataFolders());
            checkpoint(store);
            folders.add(SharedPostgres.folder());
            assertThat(places(folders, forms(canary))).isEmpty();
            // The search itself finds what is there: a file with each form.
            for (Map.Entry<String, byte[]> form : forms(canary).entrySet()) {
                Path planted = store.folder().resolve("planted");
                Files.write(planted, form.getValue());
                assertThat(places(List.of(store.folder()), forms(canary))).isNotEmpty();
                Files.delete(planted);
            }
        }
    }

    private static void checkpoint(StoreFixture store) throws SQLException {
        try (Connection owner = SharedPostgres.owner(store.location());
                Statement statement = owner.createStatement()) {
            statement.execute("checkpoint");
        }
    }

    /** Raw, UTF-16, hexadecimal, and base64 at the three places it may begin at. */
    private static Map<String, byte[]> forms(String canary) {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        byte[] raw = canary.getBytes(StandardCharsets.US_ASCII);
        forms.put("raw", raw);
        forms.put("utf-16le", canary.getBytes(StandardCharsets.UTF_16LE));
        forms.put("utf-16be", canary.getBytes(StandardCharsets.UTF_16BE));
        forms.put("hex", HexFormat.of().formatHex(raw).getBytes(StandardCharsets.US_ASCII));
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + raw.length];
            System.arraycopy(raw, 0, shifted, offset, raw.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // What depends on the neighbours is cut off at both ends.
            String sure = encoded.substring(offset == 0 ? 0 : offset + 1, encoded.length() - 2);
            forms.put("base64+" + offset, sure.getBytes(StandardCharsets.US_ASCII));
        }
        return forms;
    }

    private static List<String> places(List<Path> folders, Map<String, byte[]> forms)
            throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    search(file, forms, found);
                }
            }
        }
        return found;
    }

    private static void search(Path file, Map<String, byte[]> forms, List<String> found)
            throws IOException {
        try {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            forms.forEach((name, bytes) -> {
                if (content.contains(new String(bytes, StandardCharsets.ISO_8859_1))) {
                    found.add(name + " in " + file);
                }
            });
        } catch (NoSuchFileException gone) {
            // PostgreSQL removes files of its own while it works.
        }
    }
}
