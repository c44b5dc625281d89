package io.mailkeep.message.internal;

import io.mailkeep.message.HeaderBlock;
import io.mailkeep.message.Part.Disposition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.james.mime4j.stream.NameValuePair;
import org.apache.james.mime4j.stream.ParserCursor;
import org.apache.james.mime4j.stream.RawBody;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.util.ByteArrayBuffer;

/**
 * A part's content fields (RFC 2045 3, 2183, 3282, 2557). A content type that isn't one means
 * text/plain (RFC 2045 5.2).
 */
record MimeFields(
        String type,
        String subtype,
        Map<String, String> parameters,
        Optional<String> id,
        Optional<String> description,
        String encoding,
        Optional<String> md5,
        Optional<Disposition> disposition,
        List<String> languages,
        Optional<String> location) {
    private static final int PARAMETERS = 128;
    private static final int LANGUAGES = 32;
    private static final int TYPE_LENGTH = 127;
    private static final Pattern TOKEN =
            Pattern.compile("[!#$%&'*+.^_`{|}~0-9A-Za-z-]{1," + TYPE_LENGTH + "}");
    private static final Pattern PIECE = Pattern.compile("[^*]{1,127}\\*[0-9]{1,3}\\*?");
    private static final Pattern ATTRIBUTE = Pattern.compile("[^\\s()<>@,;:\"/\\[\\]?=]{1,127}");
    private static final Pattern LANGUAGE = Pattern.compile("[0-9A-Za-z-]{1,64}");

    /** Of a part that says nothing about itself. */
    static MimeFields plain(String encoding) {
        return new MimeFields(
                "text",
                "plain",
                Map.of("charset", "us-ascii"),
                Optional.empty(),
                Optional.empty(),
                encoding,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** {@code inDigest}: the default is message/rfc822 (RFC 2046 5.1.5). */
    static MimeFields of(HeaderBlock header, boolean inDigest) {
        Optional<RawBody> content = first(header, "Content-Type").map(MimeFields::parse);
        String[] type = content.map(RawBody::getValue).orElse("").split("/", -1);
        boolean valid = type.length == 2 && isToken(type[0].strip()) && isToken(type[1].strip());
        Map<String, String> parameters = new LinkedHashMap<>();
        String major = inDigest && content.isEmpty() ? "message" : "text";
        String minor = inDigest && content.isEmpty() ? "rfc822" : "plain";
        if (valid) {
            major = type[0].strip().toLowerCase(Locale.ROOT);
            minor = type[1].strip().toLowerCase(Locale.ROOT);
            parameters.putAll(joined(content.orElseThrow().getParams()));
        }
        boolean charset = parameters.keySet().stream().anyMatch("charset"::equalsIgnoreCase);
        if (major.equals("text") && !charset) {
            parameters.put("charset", "us-ascii");
        }
        return new MimeFields(
                major,
                minor,
                parameters,
                header.first("Content-ID"),
                header.first("Content-Description"),
                first(header, "Content-Transfer-Encoding").map(MimeFields::encoding).orElse("7bit"),
                header.first("Content-MD5"),
                first(header, "Content-Disposition").flatMap(MimeFields::disposition),
                first(header, "Content-Language").map(MimeFields::languages).orElse(List.of()),
                header.first("Content-Location"));
    }

    /** A multipart that can't be taken apart is shown as the text it is. */
    MimeFields asText() {
        return new MimeFields(
                "text",
                "plain",
                plain("7bit").parameters,
                id,
                description,
                encoding,
                md5,
                disposition,
                languages,
                location);
    }

    /** The parameter with this name, whatever its case. */
    Optional<String> parameter(String name) {
        return parameters.entrySet().stream()
                .filter(one -> one.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    boolean isAttachment() {
        return disposition.filter(one -> one.type().equals("attachment")).isPresent();
    }

    private static Optional<byte[]> first(HeaderBlock header, String name) {
        return header.fields().stream()
                .filter(field -> field.is(name))
                .findFirst()
                .map(header::value)
                .map(value -> value.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    private static RawBody parse(byte[] value) {
        return RawFieldParser.DEFAULT.parseRawBody(
                new ByteArrayBuffer(value, value.length, true), new ParserCursor(0, value.length));
    }

    private static String encoding(byte[] value) {
        String token = parse(value).getValue();
        return token == null || !isToken(token) ? "7bit" : token.toLowerCase(Locale.ROOT);
    }

    private static Optional<Disposition> disposition(byte[] value) {
        RawBody body = parse(value);
        String type = body.getValue() == null ? "" : body.getValue();
        return isToken(type)
                ? Optional.of(
                        new Disposition(type.toLowerCase(Locale.ROOT), joined(body.getParams())))
                : Optional.empty();
    }

    private static List<String> languages(byte[] value) {
        List<String> tags = new ArrayList<>();
        for (String tag : new String(value, StandardCharsets.UTF_8).split(",", LANGUAGES + 1)) {
            if (LANGUAGE.matcher(tag.strip()).matches() && tags.size() < LANGUAGES) {
                tags.add(tag.strip());
            }
        }
        return tags;
    }

    /** RFC 2231 3: {@code name*0}, {@code name*1*} … become one {@code name} or {@code name*}. */
    private static Map<String, String> joined(List<NameValuePair> sent) {
        Map<String, String> joined = new LinkedHashMap<>();
        Map<String, TreeMap<Integer, String>> pieces = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (NameValuePair one : sent.subList(0, Math.min(sent.size(), PARAMETERS))) {
            String name = one.getName() == null ? "" : utf8(one.getName());
            String value = one.getValue() == null ? "" : utf8(one.getValue());
            if (PIECE.matcher(name).matches()) {
                String base = name.substring(0, name.indexOf('*'));
                String key = base.toLowerCase(Locale.ROOT);
                boolean encoded = name.endsWith("*");
                int number =
                        Integer.parseInt(
                                name.substring(
                                        base.length() + 1, name.length() - (encoded ? 1 : 0)));
                pieces.computeIfAbsent(key, _ -> new TreeMap<>()).putIfAbsent(number, value);
                names.putIfAbsent(key, base);
                if (encoded) {
                    names.put(key, base + "*");
                }
            } else if (ATTRIBUTE.matcher(name).matches()
                    && joined.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                joined.put(name, value);
            }
        }
        pieces.forEach((key, parts) ->
                joined.putIfAbsent(names.getOrDefault(key, key), String.join("", parts.values())));
        return joined;
    }

    /** The library gives each byte as one character. */
    private static String utf8(String bytes) {
        byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        return WireText.text(raw, 0, raw.length);
    }
}
