package io.mailkeep.imap.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Picks header fields by name out of a header block (RFC 9051 6.4.5.1: HEADER.FIELDS and its
 * opposite), byte for byte, with the empty line at its end. Holds one chunk, however large the
 * header.
 *
 * @param names in lower case
 * @param pick these, or all others
 */
record FieldFilter(Set<String> names, boolean pick) {
    private static final int NAME_MAX = 1_000;

    static FieldFilter of(SectionName section) {
        Set<String> names =
                section.fields().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        return new FieldFilter(names, section.kind() == SectionName.Kind.FIELDS);
    }

    void copy(InputStream header, OutputStream kept) throws IOException {
        try (InputStream filtered = stream(header)) {
            filtered.transferTo(kept);
        }
    }

    InputStream stream(InputStream header) {
        return new Filtering(new BufferedInputStream(header, 16 * 1024));
    }

    /** Decides at each line's start, once the name or the lack of one is seen. */
    private final class Filtering extends ByteAtATime {
        private final InputStream in;
        private byte[] ready = {};
        private int at;
        private boolean keeping;
        private boolean lineStart = true;

        private Filtering(InputStream in) {
            this.in = in;
        }

        @Override
        int next() throws IOException {
            while (true) {
                if (at < ready.length) {
                    return ready[at++] & 0xFF;
                }
                if (lineStart) {
                    if (!begin()) {
                        return -1;
                    }
                } else {
                    int one = in.read();
                    if (one < 0) {
                        return -1;
                    }
                    lineStart = one == '\n';
                    if (keeping) {
                        return one;
                    }
                }
            }
        }

        /** Reads up to the colon or the line's end; false at the end of the header. */
        private boolean begin() throws IOException {
            ByteArrayOutputStream start = new ByteArrayOutputStream();
            int one = in.read();
            boolean folded = one == ' ' || one == '\t';
            while (one >= 0 && one != '\n' && one != ':' && start.size() < NAME_MAX) {
                start.write(one);
                one = in.read();
            }
            if (one < 0 && start.size() == 0) {
                return false;
            }
            if (one >= 0) {
                start.write(one);
            }
            lineStart = one == '\n';
            String text = start.toString(StandardCharsets.ISO_8859_1);
            if (text.equals("\r\n") || text.equals("\n")) {
                keeping = true;
            } else if (!folded) {
                String name = one == ':' ? text.substring(0, text.length() - 1) : "";
                keeping = pick == names.contains(name.stripTrailing().toLowerCase(Locale.ROOT));
            }
            ready = keeping ? start.toByteArray() : new byte[0];
            at = 0;
            return true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
