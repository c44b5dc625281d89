package io.mailkeep.segments;

import java.io.IOException;
import java.io.InputStream;

/**
 * Clear bytes that can be read more than once: a small array in memory, or an encrypted spool file.
 */
public interface Clear {
    /** Number of bytes. */
    long size();

    /** The bytes from the start. */
    InputStream open() throws IOException;
}
