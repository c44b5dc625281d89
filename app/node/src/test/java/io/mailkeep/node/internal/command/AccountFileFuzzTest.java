package io.mailkeep.node.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.node.internal.command.AccountFile.Row;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Files of accounts: rows or one sentence with a line; what was read is written (RFC 4180) and read
 * again the same.
 */
class AccountFileFuzzTest implements FuzzTarget {
    private static final Path FILE = Path.of("people.csv");

    @Override
    public void one(byte[] input) {
        List<Row> rows;
        try {
            rows = AccountFile.parse(FILE, input);
        } catch (CommandFailure refused) {
            assertThat(refused.getMessage()).matches("[ -~]{1,400}");
            return;
        }
        int last = 1;
        for (Row row : rows) {
            assertThat(row.line()).isGreaterThan(last);
            last = row.line();
            assertThat(row.toString()).matches("row on line \\d+");
            row.wrong().ifPresent(wrong -> assertThat(wrong).matches("[ -~]{1,200}"));
        }
        String written =
                rows.stream()
                        .filter(row -> row.wrong().isEmpty())
                        .map(row ->
                                quoted(row.address())
                                        + ","
                                        + quoted(row.name())
                                        + ","
                                        + quoted(row.password())
                                        + "\r\n")
                        .collect(Collectors.joining("", "address,name,password\r\n", ""));
        List<Row> again = AccountFile.parse(FILE, written.getBytes(StandardCharsets.UTF_8));
        assertThat(again.stream().map(AccountFileFuzzTest::cells))
                .containsExactlyElementsOf(
                        rows.stream()
                                .filter(row -> row.wrong().isEmpty())
                                .map(AccountFileFuzzTest::cells)
                                .toList());
    }

    private static List<String> cells(Row row) {
        return List.of(row.address(), row.name(), row.password());
    }

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }
}
