package io.mailkeep.imap;

import io.mailkeep.testing.client.ImapClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Brings answers of two servers into one form: what the grammar leaves open (quoted or literal,
 * order of a FETCH's items, the words for people, numbers that each server chooses) is taken out.
 */
final class Answers {
    private final String text;
    private int at;

    private Answers(String text) {
        this.text = text;
    }

    static List<String> of(Answer answer) {
        List<String> lines = new ArrayList<>();
        for (String line : answer.untagged()) {
            // We keep no \\Recent: RFC 9051 2.3.2 and E.7 gave it up, and 0 is lawful in RFC 3501.
            if (!line.matches("\\* [0-9]+ RECENT")) {
                lines.add(untagged(line));
            }
        }
        lines.sort(String::compareTo);
        lines.add(status(answer.tagged()));
        return lines;
    }

    private static String untagged(String line) {
        if (line.matches("(?s)\\* [0-9]+ FETCH .*")) {
            int open = line.indexOf('(');
            List<Object> items = new Answers(line.substring(open)).list();
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i + 1 < items.size(); i += 2) {
                String name = ((String) items.get(i)).toUpperCase(Locale.ROOT);
                Object value = items.get(i + 1);
                boolean number = name.equals("MODSEQ");
                if (name.equals("INTERNALDATE")) {
                    // date-day-fixed is a space and a digit, or two digits (RFC 9051 9).
                    value = ((String) value).replace("' ", "'0");
                }
                if (name.equals("FLAGS")) {
                    ((List<?>) value).remove("\\Recent");
                }
                boolean structure = name.startsWith("BODY") && !name.contains("[");
                String shown = String.valueOf(value);
                pairs.add(
                        name
                                + " "
                                + (number
                                        ? "N"
                                        : structure ? shown.toLowerCase(Locale.ROOT) : shown));
            }
            pairs.sort(String::compareTo);
            return line.substring(0, open) + pairs;
        }
        if (line.startsWith("* OK")) {
            return "* " + status(line.substring(2));
        }
        return line.replaceAll("TAG \"?[a-z0-9]+\"?", "TAG t")
                .replaceAll("(HIGHESTMODSEQ|MODSEQ|UIDVALIDITY) [0-9]+", "$1 N")
                .replaceAll(" RECENT [0-9]+", "")
                .replaceAll("(\"/\"|STATUS) \"([^\" ]+)\"", "$1 $2");
    }

    /** The status and its code, without the words and the numbers a server chooses. */
    private static String status(String line) {
        String status = line.replaceFirst("(?s) .*", "");
        int open = line.indexOf('[');
        if (open != status.length() + 1) {
            return status;
        }
        // Codes of a NO help people and clients; RFC 5530 makes none of these obligatory.
        if (line.matches("NO \\[(NONEXISTENT|CANNOT|NOPERM)].*")) {
            return status;
        }
        String code = line.substring(open, line.indexOf(']') + 1);
        return status
                + " "
                + code.replaceAll("(HIGHESTMODSEQ|UIDVALIDITY|APPENDUID|COPYUID) [0-9]+", "$1 N");
    }

    private List<Object> list() {
        List<Object> items = new ArrayList<>();
        at++;
        while (text.charAt(at) != ')') {
            if (text.charAt(at) == ' ') {
                at++;
            } else {
                items.add(one());
            }
        }
        at++;
        return items;
    }

    private Object one() {
        char c = text.charAt(at);
        if (c == '(') {
            return list();
        }
        if (c == '"') {
            return quoted();
        }
        if (c == '{' || text.startsWith("~{", at)) {
            return literal();
        }
        int start = at;
        int depth = 0;
        while (at < text.length()) {
            char d = text.charAt(at);
            if (d == '[') {
                depth++;
            } else if (d == ']') {
                depth--;
            } else if (depth == 0 && (d == ' ' || d == ')' || d == '(')) {
                break;
            }
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder out = new StringBuilder("'");
        at++;
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            out.append(text.charAt(at++));
        }
        at++;
        return out.append("'").toString();
    }

    /** Literals are counted in octets; the script's are ASCII. */
    private String literal() {
        int brace = text.indexOf('}', at);
        int octets = Integer.parseInt(text.substring(text.indexOf('{', at) + 1, brace));
        int start = brace + 3;
        at = start + octets;
        return "'" + text.substring(start, at) + "'";
    }
}
