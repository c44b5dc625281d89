package io.mailkeep.testing.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Ports of servers under measurement, all below those that connections going out may take. */
final class Ports {
    private static final int LOWEST_OFFSET = 1_100;
    private static final int HIGHEST_OFFSET = 10_400;
    private static final List<Integer> STANDARD =
            List.of(24, 25, 143, 443, 465, 587, 993, 8080, 9443);

    private Ports() {}

    /** An offset at which all the standard ports are free. */
    static int freeOffset() throws IOException {
        for (int offset = LOWEST_OFFSET; offset < HIGHEST_OFFSET; offset += 173) {
            int tried = offset;
            if (STANDARD.stream().allMatch(port -> free(port + tried))) {
                return offset;
            }
        }
        throw new IOException("no free ports between " + LOWEST_OFFSET + " and 20000");
    }

    /** The first of two free ports that follow each other. */
    static int freePair() throws IOException {
        for (int port = 12_000; port < 20_000; port += 2) {
            if (free(port) && free(port + 1)) {
                return port;
            }
        }
        throw new IOException("no free ports between 12000 and 20000");
    }

    private static boolean free(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
