package io.mailkeep.node.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Secret;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The CSV files that {@code account import} reads (RFC 4180) and writes. */
class AccountFileTest {
    @TempDir Path temp;

    private List<AccountFile.Row> read(String text) throws Exception {
        return AccountFile.read(Files.writeString(temp.resolve("accounts.csv"), text));
    }

    private static Arguments file(String text, String... rows) {
        return Arguments.of(text, List.of(rows));
    }

    /** A file, then each row as {@code line|address|name|password}. */
    static Stream<Arguments> files() {
        return Stream.of(
                file("address\n"),
                file("address\na@x.test\n", "2|a@x.test||"),
                file("address\na@x.test", "2|a@x.test||"),
                file("address,name,password\na@x.test,Ann,secret\n", "2|a@x.test|Ann|secret"),
                file("address,name,password\r\na@x.test,,\r\n", "2|a@x.test||"),
                file("\ufeffaddress,name\r\na@x.test,Ann\r\n", "2|a@x.test|Ann|"),
                file("password,address\nsecret,a@x.test\n", "2|a@x.test||secret"),
                file("Address, Name \na@x.test,Ann\n", "2|a@x.test|Ann|"),
                file("\"address\",\"name\"\n\"a@x.test\",\"Doe, Ann\"\n", "2|a@x.test|Doe, Ann|"),
                file("address,password\na@x.test,\"q\"\"q\"\n", "2|a@x.test||q\"q"),
                file("address,password\na@x.test, two  spaces \n", "2|a@x.test|| two  spaces "),
                file("address,password\n a@x.test ,x\n", "2|a@x.test||x"),
                file("address,password\na@x.test,a\\nb;c#d'e\n", "2|a@x.test||a\\nb;c#d'e"),
                file("address\n\n\r\na@x.test\n\n", "4|a@x.test||"),
                file("address,name\n#a@x.test,N\n", "2|#a@x.test|N|"),
                file(
                        "address,name\na@x.test,Zo\u00eb \ud83d\ude00\n",
                        "2|a@x.test|Zo\u00eb \ud83d\ude00|"),
                file(
                        "address,name\r\na@x.test,\"An\r\nn\"\r\n\"b@x.test\",\"\n\n\"\r\nc@x.test,C",
                        "2|a@x.test|An\r\nn|",
                        "4|b@x.test|\n\n|",
                        "7|c@x.test|C|"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsWhatRfc4180Says(String text, List<String> rows) throws Exception {
        assertThat(read(text))
                .allSatisfy(row -> assertThat(row.wrong()).isEmpty())
                .extracting(row ->
                        String.join(
                                "|",
                                Integer.toString(row.line()),
                                row.address(),
                                row.name(),
                                row.password()))
                .isEqualTo(rows);
    }

    /** A file that is refused, then the words that say where and why. */
    static Stream<Arguments> refused() {
        return Stream.of(
                file("", "line 1", "no header"),
                file("\n\n", "line 1", "no header"),
                file("a@x.test,Ann\n", "line 1", "unknown column"),
                file("address;name;password\n", "line 1", "unknown column", "commas"),
                file("\naddress,phone\n", "line 2", "unknown column"),
                file("address,name,Name\n", "line 1", "twice"),
                file("name,password\n", "line 1", "no column address"),
                file(
                        "address,name\na@x.test,A\nb@x.test,\"canary\nc@x.test,C\n",
                        "line 3",
                        "no end"),
                file("address,name\na@x.test,\"canary\"x\n", "line 2", "closing quote"),
                file("address,password\na@x.test,canary\"x\n", "line 2", "a quote stands"),
                file("address,password\na@x.test, \"canary\"\n", "line 2", "a quote stands"),
                file("address\n\"" + "\n".repeat(5_000) + "\"\n", "line 2", "longer than 4096"),
                file("address\na@x.test" + ",".repeat(4_096) + "\n", "line 2", "longer than 4096"),
                file("address\n" + "a@x.test\n".repeat(100_001), "line 100002", "100000 rows"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    @Claim("ATK-106")
    void refusesAFileItCantReadAsAWholeAndNamesTheLine(String text, List<String> words) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CommandFailure.class)
                .message()
                .contains(words.toArray(String[]::new))
                .contains("Nothing was done.")
                .doesNotContain("canary");
    }

    @Test
    void aHundredThousandRowsAreReadWithQuotesInEach() throws Exception {
        StringBuilder text = new StringBuilder("address,name\n");
        for (int i = 0; i < AccountFile.ROWS_MAX; i++) {
            text.append("p").append(i).append("@x.test,\"The \"\"").append(i).append("th\"\"\"\n");
        }
        List<AccountFile.Row> rows = read(text.toString());
        assertThat(rows).hasSize(AccountFile.ROWS_MAX);
        assertThat(rows.getLast().name()).isEqualTo("The \"99999th\"");
        assertThat(rows.getLast().line()).isEqualTo(AccountFile.ROWS_MAX + 1);
    }

    @Test
    void aRowOfAnotherLengthIsRefusedAlone() throws Exception {
        assertThat(read("address,name\na@x.test\nb@x.test,B,more\nc@x.test,C\n"))
                .extracting(AccountFile.Row::address, row -> row.wrong().isPresent())
                .containsExactly(
                        tuple("a@x.test", true), tuple("b@x.test", true), tuple("c@x.test", false));
    }

    @Test
    @Claim("ATK-90")
    void theSameAddressAgainIsNamedInWhateverSpelling() throws Exception {
        List<AccountFile.Row> rows =
                read(
                        "address\nann@x.test\nbob@x.test\nAnn@X.Test\n\uff41nn@x.test\nno address\nno address\n");
        assertThat(rows)
                .extracting(row -> row.wrong().orElse(""))
                .containsExactly(
                        "",
                        "",
                        "The same address stands on line 2 already.",
                        "The same address stands on line 2 already.",
                        "",
                        "The same address stands on line 6 already.");
    }

    @Test
    void otherEncodingsAreRefusedWithTheLine() throws Exception {
        Path file = temp.resolve("accounts.csv");
        String text = "address,name\na@x.test,Ann\nb@x.test,Zo\u00eb\n";
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> AccountFile.read(file))
                .hasMessageContaining("line 3: this isn't UTF-8");
        Files.write(file, text.getBytes(Charset.forName("UTF-16")));
        assertThatThrownBy(() -> AccountFile.read(file))
                .hasMessageContaining("line 1: this isn't UTF-8");
        byte[] cut = "address\nZo\u00eb".getBytes(StandardCharsets.UTF_8);
        Files.write(file, java.util.Arrays.copyOf(cut, cut.length - 1));
        assertThatThrownBy(() -> AccountFile.read(file))
                .hasMessageContaining("line 2: this isn't UTF-8");
    }

    @Test
    void aFileThatIsTooLongOrNotThereIsRefused() throws Exception {
        Path file = temp.resolve("accounts.csv");
        Files.write(file, new byte[AccountFile.FILE_BYTES_MAX + 1]);
        assertThatThrownBy(() -> AccountFile.read(file)).hasMessageContaining("longer than 16 MiB");
        assertThatThrownBy(() -> AccountFile.read(temp.resolve("none.csv")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("none.csv");
        assertThatThrownBy(() -> AccountFile.read(temp)).isInstanceOf(CommandFailure.class);
    }

    @Test
    @Claim("ATK-106")
    void aRowPrintsNoPassword() throws Exception {
        assertThat(read("address,password\na@x.test,canary\n").toString())
                .doesNotContain("canary", "a@x.test");
    }

    @Test
    @Claim("ATK-106")
    void generatedPasswordsAreTheOwnersAloneAndNoFileIsWrittenOver() throws Exception {
        Path file = temp.resolve("passwords.csv");
        try (PasswordFile passwords = PasswordFile.create(file)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            passwords.put("a@x.test", Secret.ofUtf8("one"));
            assertThat(Files.readString(file)).isEqualTo("address,password\na@x.test,one\n");
            passwords.put("b@x.test", Secret.ofUtf8("two"));
        }
        assertThat(Files.readString(file)).endsWith("a@x.test,one\nb@x.test,two\n");
        Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));
        for (Path taken : List.of(file, link)) {
            assertThatThrownBy(() -> PasswordFile.create(taken))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("exists already");
        }
        assertThat(Files.readString(file)).endsWith("b@x.test,two\n");
        assertThatThrownBy(() -> PasswordFile.create(temp.resolve("no/folder.csv")))
                .isInstanceOf(CommandFailure.class);
    }
}
