package io.mailkeep.message;

import io.mailkeep.message.Envelope.Mailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an address list (RFC 5322 3.4 with the obsolete forms of 4.4) as IMAP's ENVELOPE shows it
 * (RFC 9051 7.5.2): never fails, one pass, no recursion, at most as many addresses as asked for.
 *
 * <p>A name in a comment behind the address is taken for its name; groups become a start and an end
 * mark; quoting is removed; encoded words stay. A missing part is filled in visibly, since an empty
 * host means a group.
 */
public final class AddressList {
    /** Stands for the domain that an address lacks. */
    public static final String MISSING_DOMAIN = "MISSING_DOMAIN";

    /** Stands for the local part that an address lacks. */
    public static final String MISSING_MAILBOX = "MISSING_MAILBOX";

    private final String text;
    private final int most;
    private final List<Mailbox> found = new ArrayList<>();
    private final StringBuilder phrase = new StringBuilder();
    private final StringBuilder joined = new StringBuilder();
    private @Nullable String comment;
    private int at;
    private boolean inGroup;

    private AddressList(String text, int most) {
        this.text = text;
        this.most = most;
    }

    /** The addresses of an unfolded field value, {@code most} at most. */
    public static List<Mailbox> parse(String unfolded, int most) {
        AddressList list = new AddressList(unfolded, most);
        list.run();
        return List.copyOf(list.found);
    }

    private void run() {
        while (at < text.length() && found.size() < most) {
            step(text.charAt(at));
        }
        finishBare();
        if (inGroup && found.size() < most) {
            endGroup();
        }
    }

    private void step(char c) {
        switch (c) {
            case ',' -> {
                finishBare();
                at++;
            }
            case ':' -> startGroup();
            case ';' -> {
                finishBare();
                at++;
                if (inGroup && found.size() < most) {
                    endGroup();
                }
            }
            case '<' -> angle();
            case '@' -> bareDomain();
            default -> word(c);
        }
    }

    private void word(char c) {
        if (c == '(') {
            comment = readComment();
        } else if (c == '"') {
            addWord(readQuoted());
        } else if (isSpace(c)) {
            at++;
        } else {
            int start = at;
            while (at < text.length() && !isSpecial(text.charAt(at))) {
                at++;
            }
            if (at == start) {
                // a stray special such as '>' or ')'
                at++;
            } else {
                addWord(text.substring(start, at));
            }
        }
    }

    private void addWord(String word) {
        if (!phrase.isEmpty() && !word.isEmpty()) {
            phrase.append(' ');
        }
        phrase.append(word);
        joined.append(word);
    }

    private void startGroup() {
        at++;
        finishGroupName();
        inGroup = true;
    }

    private void finishGroupName() {
        found.add(
                new Mailbox(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(phrase.toString()),
                        Optional.empty()));
        clear();
    }

    private void endGroup() {
        found.add(
                new Mailbox(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        inGroup = false;
        clear();
    }

    /** {@code phrase <@route:local@domain>}. */
    private void angle() {
        at++;
        Optional<String> name =
                phrase.isEmpty() ? Optional.ofNullable(comment) : Optional.of(phrase.toString());
        skipSpace();
        Optional<String> route = Optional.empty();
        if (at < text.length() && text.charAt(at) == '@') {
            String hops = readUntil(":>");
            if (at < text.length() && text.charAt(at) == ':') {
                at++;
                route = Optional.of(hops);
            } else {
                add(name, Optional.empty(), "", hops.substring(1));
                closeAngle();
                return;
            }
        }
        String local = readUntil("@>");
        String domain = "";
        if (at < text.length() && text.charAt(at) == '@') {
            at++;
            domain = readUntil(">");
        }
        add(name, route, local, domain);
        closeAngle();
    }

    private void closeAngle() {
        while (at < text.length() && text.charAt(at) != '>') {
            at++;
        }
        at++;
        // what stands behind the bracket until the comma belongs to nobody
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ';') {
            if (text.charAt(at) == '(') {
                readComment();
            } else if (text.charAt(at) == '"') {
                readQuoted();
            } else {
                at++;
            }
        }
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
        }
        clear();
    }

    /** {@code local@domain (name)}. */
    private void bareDomain() {
        at++;
        String local = joined.toString();
        comment = null;
        String domain = readUntil(",;<");
        if (at < text.length() && text.charAt(at) == '<') {
            // "user@example.com <user@example.com>" by a careless writer: what's in brackets counts
            phrase.append('@').append(domain);
            angle();
            return;
        }
        add(Optional.ofNullable(comment), Optional.empty(), local, domain);
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
        }
        clear();
    }

    /** A phrase that ended without an address. */
    private void finishBare() {
        if (joined.length() > 0 && found.size() < most) {
            add(Optional.ofNullable(comment), Optional.empty(), joined.toString(), "");
        }
        clear();
    }

    private void add(Optional<String> name, Optional<String> route, String local, String domain) {
        found.add(
                new Mailbox(
                        name,
                        route,
                        Optional.of(local.isEmpty() ? MISSING_MAILBOX : local),
                        Optional.of(domain.isEmpty() ? MISSING_DOMAIN : domain)));
    }

    private void clear() {
        phrase.setLength(0);
        joined.setLength(0);
        comment = null;
    }

    /** Text without spaces and quoting up to one of these characters; comments are set aside. */
    private String readUntil(String ends) {
        StringBuilder read = new StringBuilder();
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            if (c == '"') {
                read.append(readQuoted());
            } else if (c == '(') {
                comment = readComment();
            } else {
                if (!isSpace(c)) {
                    read.append(c);
                }
                at++;
            }
        }
        return read.toString();
    }

    private String readQuoted() {
        StringBuilder inner = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            inner.append(text.charAt(at++));
        }
        at++;
        return inner.toString();
    }

    /** Comments nest (RFC 5322 3.2.2): counted, not recursed into. */
    private String readComment() {
        StringBuilder inner = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                inner.append(text.charAt(at++));
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
            if (depth > 1 || c != '(') {
                inner.append(c);
            }
        }
        return inner.toString().strip();
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isSpecial(char c) {
        return isSpace(c) || "(),:;<>@\"".indexOf(c) >= 0;
    }
}
