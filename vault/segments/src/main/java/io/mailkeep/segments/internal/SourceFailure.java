package io.mailkeep.segments.internal;

/** A body couldn't be read from where it waits; the volume is well. */
final class SourceFailure extends Exception {
    private static final long serialVersionUID = 1L;

    SourceFailure(String what, Throwable cause) {
        super(what, cause);
    }
}
