package io.mailkeep.node.internal.command;

import io.mailkeep.message.EmailAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/**
 * Accounts in a CSV file (RFC 4180), in UTF-8 with or without a byte order mark, lines ended by
 * CRLF or LF. A file that can't be read as a whole is refused as a whole with the line that is
 * wrong: nobody knows what else a shifted quote moved. What a line holds is never repeated: it may
 * be a password.
 */
final class AccountFile {
    /** More rows are refused. */
    static final int ROWS_MAX = 100_000;

    /**
     * In characters, with a separator for each cell: twice what address, name and password need.
     */
    static final int ROW_LENGTH_MAX = 4_096;

    /** The command line has 128 MiB for everything. */
    static final int FILE_BYTES_MAX = 16 << 20;

    private static final List<String> COLUMNS = List.of("address", "name", "password");

    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build();

    private final Path file;
    private final String text;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private List<String> header = List.of();

    private AccountFile(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /**
     * One account.
     *
     * @param line on which the row begins, the header's being 1
     * @param address without the spaces around it
     * @param name empty if there is none
     * @param password exactly as it stands; empty if there is none
     * @param wrong what is known to be wrong with the row already, as a sentence
     */
    record Row(int line, String address, String name, String password, Optional<String> wrong) {
        /** Whether a password has to be generated for it. */
        boolean lacksPassword() {
            return wrong.isEmpty() && password.isEmpty();
        }

        @Override
        public String toString() {
            return "row on line " + line;
        }
    }

    /**
     * The rows in their order; empty lines are none.
     *
     * @throws CommandFailure for what isn't such a file, before anything of it is used
     */
    static List<Row> read(Path file) {
        return parse(file, bytes(file));
    }

    /** The rows of a file with these bytes; {@code file} stands in refusals. */
    static List<Row> parse(Path file, byte[] bytes) {
        AccountFile read = new AccountFile(file, text(file, bytes));
        read.parse();
        return read.rows;
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FILE_BYTES_MAX + 1);
        } catch (IOException unreadable) {
            throw new CommandFailure(
                    "Can't read "
                            + file
                            + ": "
                            + unreadable.getClass().getSimpleName()
                            + ". Name a file that exists and that you may read.");
        }
    }

    private static String text(Path file, byte[] bytes) {
        if (bytes.length > FILE_BYTES_MAX) {
            throw new CommandFailure(
                    file
                            + " is longer than "
                            + (FILE_BYTES_MAX >> 20)
                            + " MiB: split it into several, each with the header line.");
        }
        requireUtf8(file, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** Through a small buffer, since the whole text in another form would take half the heap. */
    private static void requireUtf8(Path file, byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer passing = CharBuffer.allocate(8_192);
        CoderResult result = decoder.decode(in, passing, true);
        while (result.isOverflow()) {
            passing.clear();
            result = decoder.decode(in, passing, true);
        }
        if (result.isError()) {
            int line = 1;
            for (int at = 0; at < in.position(); at++) {
                line += bytes[at] == '\n' ? 1 : 0;
            }
            throw wrong(file, line, "this isn't UTF-8 text. Save the file as \"CSV UTF-8\".");
        }
    }

    private void parse() {
        int line = 1;
        try (JsonParser parser = CSV.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                line = parser.currentLocation().getLineNr();
                List<String> cells = cells(parser, line);
                if (cells.equals(List.of(""))) {
                    continue;
                }
                if (header.isEmpty()) {
                    header = header(cells, line);
                } else {
                    add(line, cells);
                }
            }
        } catch (StreamReadException malformed) {
            throw wrong(
                    file,
                    line,
                    "in the row that begins here a quoted cell has no end, or something stands"
                            + " after its closing quote. Write quotes within quotes twice.");
        }
        if (header.isEmpty()) {
            throw wrong(file, 1, "there is no header. " + expected());
        }
    }

    private List<String> cells(JsonParser parser, int line) {
        List<String> cells = new ArrayList<>();
        int length = 0;
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            String cell = parser.getString();
            length += cell.length() + 1;
            if (length > ROW_LENGTH_MAX) {
                throw wrong(
                        file,
                        line,
                        "the row that begins here is longer than "
                                + ROW_LENGTH_MAX
                                + " characters. Is a quote missing?");
            }
            int begin = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
            if (cell.indexOf('"') >= 0 && text.charAt(begin) != '"') {
                throw wrong(
                        file,
                        line,
                        "in the row that begins here a quote stands in a cell that doesn't begin"
                                + " with one. Put the cell in quotes and write those within it"
                                + " twice.");
            }
            cells.add(cell);
        }
        return cells;
    }

    private List<String> header(List<String> cells, int line) {
        List<String> names =
                cells.stream().map(cell -> cell.strip().toLowerCase(Locale.ROOT)).toList();
        for (String name : names) {
            if (!COLUMNS.contains(name)) {
                throw wrong(file, line, "the header names an unknown column. " + expected());
            }
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                throw wrong(file, line, "the header names a column twice. " + expected());
            }
        }
        if (!names.contains("address")) {
            throw wrong(file, line, "the header names no column address. " + expected());
        }
        return names;
    }

    private static String expected() {
        return "The first line names the columns, separated by commas: address, and if you like"
                + " name and password.";
    }

    private void add(int line, List<String> cells) {
        if (rows.size() == ROWS_MAX) {
            throw wrong(
                    file,
                    line,
                    "more than "
                            + ROWS_MAX
                            + " rows. Split the file into several, each with the header line.");
        }
        String address = cell(cells, "address").strip();
        Optional<String> wrong =
                cells.size() == header.size()
                        ? repeated(line, address)
                        : Optional.of(
                                "The row has "
                                        + cells.size()
                                        + " cells and the header "
                                        + header.size()
                                        + ": put cells with commas in quotes.");
        rows.add(new Row(line, address, cell(cells, "name"), cell(cells, "password"), wrong));
    }

    private String cell(List<String> cells, String column) {
        int at = header.indexOf(column);
        return at >= 0 && at < cells.size() ? cells.get(at) : "";
    }

    /** Two spellings of one address are the same here, as they are to the node. */
    private Optional<String> repeated(int line, String address) {
        String form =
                EmailAddress.parse(address).map(EmailAddress::lookupForm).orElse(address.strip());
        Integer first = form.isEmpty() ? null : seen.putIfAbsent(form, line);
        return Optional.ofNullable(first)
                .map(it -> "The same address stands on line " + it + " already.");
    }

    private static CommandFailure wrong(Path file, int line, String what) {
        return new CommandFailure(file + ", line " + line + ": " + what + " Nothing was done.");
    }
}
