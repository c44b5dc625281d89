package io.mailkeep.imap.internal;

import io.mailkeep.mailbox.OpenedMessage;
import io.mailkeep.message.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Finds sections of one opened message as byte ranges of its stored bytes, without parsing again.
 * The trace headers stand before the stored body and belong to the message's header.
 */
public final class Sections {
    private static final int HEADER_IN_MEMORY = 256 * 1024;

    private final OpenedMessage message;

    public Sections(OpenedMessage message) {
        this.message = message;
    }

    /** Bytes of a section, readable more than once. */
    public interface Bytes {
        /** How many. */
        long size() throws IOException;

        /** Some of them. */
        InputStream range(long offset, long length) throws IOException;
    }

    /** A range of the message as it is read. */
    private record Range(OpenedMessage message, long start, long size) implements Bytes {
        @Override
        public InputStream range(long offset, long length) {
            return message.range(start + offset, Math.min(length, size - offset));
        }
    }

    /** A place a part path leads to: a message (the root or an enclosed one), or a part. */
    private record Place(Part part, Optional<Part> messageRoot) {}

    private Optional<Place> place(List<Integer> path) {
        Part root = message.outline().root();
        Place at = new Place(root, Optional.of(root));
        for (int number : path) {
            Optional<Part> next = child(at, number);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = new Place(next.get(), next.get().message().map(Part.Nested::root));
        }
        return Optional.of(at);
    }

    private static Optional<Part> child(Place at, int number) {
        Part holder = at.messageRoot().orElse(at.part());
        if (holder.isMultipart()) {
            return number <= holder.children().size()
                    ? Optional.of(holder.children().get(number - 1))
                    : Optional.empty();
        }
        // A message that isn't multipart has one part, number 1: its body.
        return at.messageRoot().isPresent() && number == 1 ? Optional.of(holder) : Optional.empty();
    }

    /** A leaf part, by its number; empty if there is none or it isn't a leaf. */
    public Optional<Part> leaf(List<Integer> path) {
        return path.isEmpty()
                ? Optional.empty()
                : place(path)
                        .map(Place::part)
                        .filter(part -> !part.isMultipart() && part.message().isEmpty());
    }

    /** Whether there is such a part. */
    public boolean exists(List<Integer> path) {
        return place(path).isPresent();
    }

    /** The body of a part, as it is stored. */
    public InputStream body(Part part) {
        return message.range(message.traceLength() + part.bodyStart(), part.size());
    }

    /** A section; empty if the message has none of that name. */
    public Optional<Bytes> find(SectionName name) throws IOException {
        Optional<Place> place = place(name.path());
        if (place.isEmpty()) {
            return Optional.empty();
        }
        if (name.path().isEmpty()) {
            return Optional.of(ofRoot(name));
        }
        Part part = place.get().part();
        return switch (name.kind()) {
            case ALL -> Optional.of(range(part.bodyStart(), part.bodyEnd()));
            case MIME -> Optional.of(range(part.headerStart(), part.bodyStart()));
            case HEADER, FIELDS, FIELDS_NOT, TEXT -> {
                // Only a part that holds a message has a header of its own (RFC 9051 6.4.5.1).
                Optional<Part> root = part.message().map(Part.Nested::root);
                yield root.isPresent()
                        ? Optional.of(ofMessage(root.get(), name))
                        : Optional.empty();
            }
        };
    }

    private Bytes ofRoot(SectionName name) throws IOException {
        Part root = message.outline().root();
        long headerEnd = message.traceLength() + root.bodyStart();
        return switch (name.kind()) {
            case ALL -> new Range(message, 0, message.size());
            case HEADER -> new Range(message, 0, headerEnd);
            case TEXT -> new Range(message, headerEnd, message.size() - headerEnd);
            case FIELDS, FIELDS_NOT -> filtered(new Range(message, 0, headerEnd), name);
            case MIME -> throw new IllegalStateException("MIME of the message itself");
        };
    }

    private Bytes ofMessage(Part root, SectionName name) throws IOException {
        return switch (name.kind()) {
            case HEADER -> range(root.headerStart(), root.bodyStart());
            case TEXT -> range(root.bodyStart(), root.bodyEnd());
            case FIELDS, FIELDS_NOT -> filtered(range(root.headerStart(), root.bodyStart()), name);
            case ALL, MIME -> throw new IllegalStateException("not a section of a message");
        };
    }

    private Bytes range(long from, long to) {
        return new Range(message, message.traceLength() + from, to - from);
    }

    private static Bytes filtered(Bytes header, SectionName name) throws IOException {
        FieldFilter filter = FieldFilter.of(name);
        if (header.size() > HEADER_IN_MEMORY) {
            return new Filtered(header, filter);
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        try (InputStream in = header.range(0, header.size())) {
            filter.copy(in, kept);
        }
        return new InMemory(kept.toByteArray());
    }

    private record InMemory(byte[] bytes) implements Bytes {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream range(long offset, long length) {
            int from = (int) Math.min(offset, bytes.length);
            return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length));
        }
    }

    /** A filtered header too large for memory: filtered anew each time. */
    private record Filtered(Bytes header, FieldFilter filter) implements Bytes {
        @Override
        public long size() throws IOException {
            try (InputStream in = filter.stream(header.range(0, header.size()))) {
                return in.transferTo(OutputStream.nullOutputStream());
            }
        }

        @Override
        public InputStream range(long offset, long length) throws IOException {
            InputStream in = filter.stream(header.range(0, header.size()));
            in.skipNBytes(offset);
            return in;
        }
    }
}
