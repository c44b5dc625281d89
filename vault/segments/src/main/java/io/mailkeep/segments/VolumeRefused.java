package io.mailkeep.segments;

/**
 * A volume isn't the one that belongs there: missing, empty, foreign or swapped. The message says
 * what to do. Nothing was written.
 */
public final class VolumeRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VolumeRefused(String text) {
        super(text);
    }
}
