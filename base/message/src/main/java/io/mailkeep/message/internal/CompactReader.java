package io.mailkeep.message.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads what {@link CompactWriter} wrote; {@link IllegalArgumentException} for anything else. A
 * length is believed only as far as there are bytes.
 */
final class CompactReader {
    private final byte[] bytes;
    private int at;

    CompactReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** At most 63 bits, so never below zero. */
    long number() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            need(1);
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number too long");
    }

    String text() {
        return take(number());
    }

    Optional<String> optional() {
        long length = number();
        return length == 0 ? Optional.empty() : Optional.of(take(length - 1));
    }

    <T> List<T> list(Supplier<T> each) {
        long count = number();
        need(count);
        List<T> list = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            list.add(each.get());
        }
        return list;
    }

    void end() {
        if (at != bytes.length) {
            throw new IllegalArgumentException("bytes behind the end");
        }
    }

    private String take(long length) {
        need(length);
        String text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
        at += (int) length;
        return text;
    }

    /** Each entry of a list takes at least a byte, so this bounds lists too. */
    private void need(long count) {
        if (count > bytes.length - at) {
            throw new IllegalArgumentException("stored form cut short");
        }
    }
}
