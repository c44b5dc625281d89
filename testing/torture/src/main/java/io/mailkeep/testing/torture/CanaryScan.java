package io.mailkeep.testing.torture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Looks for a canary in every file of folders: raw, base64 at three offsets, UTF-16, hex, and
 * inside gzip (ATK-99).
 */
public final class CanaryScan {
    private CanaryScan() {}

    /** The forms a canary could have on disk. */
    private static Map<String, byte[]> forms(String canary) {
        Map<String, byte[]> forms = forms(canary.getBytes(StandardCharsets.UTF_8));
        forms.put("utf-16le", canary.getBytes(StandardCharsets.UTF_16LE));
        forms.put("utf-16be", canary.getBytes(StandardCharsets.UTF_16BE));
        return forms;
    }

    /** The forms that octets could have on disk. */
    private static Map<String, byte[]> forms(byte[] raw) {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("raw", raw);
        for (int offset = 0; offset < 3; offset++) {
            byte[] padded = new byte[offset + raw.length];
            System.arraycopy(raw, 0, padded, offset, raw.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
            // the characters at the borders depend on the neighbours
            int from = offset == 0 ? 0 : offset + 1;
            int to = padded.length / 3 * 4;
            forms.put(
                    "base64+" + offset,
                    encoded.substring(from, to).getBytes(StandardCharsets.US_ASCII));
        }
        forms.put("hex", HexFormat.of().formatHex(raw).getBytes(StandardCharsets.US_ASCII));
        forms.put(
                "HEX",
                HexFormat.of().withUpperCase().formatHex(raw).getBytes(StandardCharsets.US_ASCII));
        return forms;
    }

    /** Where a canary was found, as {@code file: canary form}. */
    public static List<String> find(List<Path> folders, List<String> canaries) throws IOException {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        for (String canary : canaries) {
            forms(canary).forEach((name, form) -> forms.put(canary + " " + name, form));
        }
        return look(folders, forms);
    }

    /** Where octets with these names, such as keys, were found, as {@code file: name form}. */
    public static List<String> find(List<Path> folders, Map<String, byte[]> named)
            throws IOException {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        named.forEach((name, octets) ->
                forms(octets).forEach((form, bytes) -> forms.put(name + " " + form, bytes)));
        return look(folders, forms);
    }

    private static List<String> look(List<Path> folders, Map<String, byte[]> forms)
            throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    byte[] bytes;
                    try {
                        bytes = Files.readAllBytes(file);
                    } catch (NoSuchFileException gone) {
                        continue;
                    }
                    look(file, bytes, forms, found);
                    gunzipped(bytes).ifPresent(clear -> look(file, clear, forms, found));
                }
            }
        }
        return found;
    }

    private static void look(
            Path file, byte[] bytes, Map<String, byte[]> forms, List<String> found) {
        forms.forEach((name, form) -> {
            if (indexOf(bytes, form) >= 0) {
                found.add(file + ": " + name);
            }
        });
    }

    private static Optional<byte[]> gunzipped(byte[] bytes) {
        for (int at = 0; at + 2 < bytes.length; at++) {
            if (bytes[at] == 0x1f && bytes[at + 1] == (byte) 0x8b && bytes[at + 2] == 8) {
                try (GZIPInputStream in =
                        new GZIPInputStream(
                                new ByteArrayInputStream(bytes, at, bytes.length - at))) {
                    return Optional.of(in.readNBytes(1 << 20));
                } catch (IOException notGzip) {
                    // goes on behind it
                }
            }
        }
        return Optional.empty();
    }

    /** First place of a pattern (Horspool). */
    private static int indexOf(byte[] text, byte[] pattern) {
        int[] skip = new int[256];
        Arrays.fill(skip, pattern.length);
        for (int i = 0; i < pattern.length - 1; i++) {
            skip[pattern[i] & 0xff] = pattern.length - 1 - i;
        }
        for (int at = 0; at + pattern.length <= text.length; ) {
            int i = pattern.length - 1;
            while (i >= 0 && text[at + i] == pattern[i]) {
                i--;
            }
            if (i < 0) {
                return at;
            }
            at += skip[text[at + pattern.length - 1] & 0xff];
        }
        return -1;
    }
}
