package io.mailkeep.message.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes what {@link CompactReader} reads. */
final class CompactWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Seven bits a byte, least significant first. */
    void number(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.write((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }

    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    /** Length plus one, so that absent and empty differ. */
    void optional(Optional<String> text) {
        byte[] bytes = text.orElse("").getBytes(StandardCharsets.UTF_8);
        number(text.isPresent() ? bytes.length + 1L : 0);
        out.writeBytes(bytes);
    }

    <T> void list(List<T> list, Consumer<T> each) {
        number(list.size());
        list.forEach(each);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
