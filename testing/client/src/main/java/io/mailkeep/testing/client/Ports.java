package io.mailkeep.testing.client;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;

/**
 * Ports for servers that tests and the benchmark start: all below 20,000, and so below those among
 * which an embedded PostgreSQL chooses, and those from which the kernel serves connections going
 * out. Free means free now: whoever takes one has to be quick.
 */
public final class Ports {
    private static final List<Integer> STANDARD =
            List.of(24, 25, 143, 443, 465, 587, 993, 8080, 9443);
    private static final int LOWEST_OFFSET = 1_100;
    private static final int OFFSET_STEP = 173;
    private static final int OFFSETS = 54;

    private Ports() {}

    /** An offset at which all the standard ports are free. */
    public static int freeOffset() {
        // where another run looks beside this one, it begins somewhere else
        int begin = (int) (ProcessHandle.current().pid() % OFFSETS);
        for (int attempt = 0; attempt < OFFSETS; attempt++) {
            int offset = LOWEST_OFFSET + (begin + attempt) % OFFSETS * OFFSET_STEP;
            if (STANDARD.stream().allMatch(port -> isFree(port + offset))) {
                return offset;
            }
        }
        throw new IllegalStateException("no free ports below 20000");
    }

    /** The first of two free ports that follow each other. */
    public static int freePair() {
        for (int port = 12_000; port < 20_000; port += 2) {
            if (isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw new IllegalStateException("no free ports between 12000 and 20000");
    }

    private static boolean isFree(int port) {
        // on every address: some tests listen on all
        try {
            new ServerSocket(port).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
