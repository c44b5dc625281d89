package io.mailkeep.node.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** One running node. */
public final class Node {
    private Node() {}

    /** Runs until told to stop; answers the exit status. */
    public static int run(
            Path directory,
            Optional<Path> keys,
            Optional<Integer> portOffset,
            boolean demo,
            PrintWriter out) {
        throw new UnsupportedOperationException();
    }
}
