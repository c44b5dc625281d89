package io.mailkeep.testing.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bad network passes on every octet in order, except where it is told to reset. */
@Claim("FLT-31")
class FaultyProxyTest {
    private static final int OCTETS = 200_000;

    private static byte[] through(FaultyProxy.Mood mood, int seed) throws Exception {
        Randomness randomness = Randomness.of(new SplittableRandom(seed));
        byte[] sent = randomness.bytes(OCTETS);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultyProxy proxy = new FaultyProxy(server.getLocalPort(), randomness)) {
            proxy.mood(mood);
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket client =
                                new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                            client.getOutputStream().write(sent);
                        } catch (IOException cut) {
                            // what arrived is looked at below
                        }
                    });
            try (Socket accepted = server.accept()) {
                byte[] got = accepted.getInputStream().readAllBytes();
                assertThat(sent).startsWith(got);
                return got;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RESET")
    void everyOctetArrives(FaultyProxy.Mood mood) throws Exception {
        assertThat(through(mood, 3)).hasSize(OCTETS);
    }

    @Test
    void aResetCutsSomeConnectionsInTheMiddle() throws Exception {
        int cut = 0;
        for (int i = 0; i < 20; i++) {
            try {
                cut += through(FaultyProxy.Mood.RESET, i).length < OCTETS ? 1 : 0;
            } catch (IOException reset) {
                cut++;
            }
        }
        assertThat(cut).isPositive();
    }
}
