package io.mailkeep.net.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.Optional;

/** The header of a proxy: no octet behind it is read, and it says one address or none. */
@Claim({"ATK-138", "NET-2"})
class ProxyHeaderFuzzTest implements FuzzTarget {
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10};

    @Override
    public void one(byte[] input) throws IOException {
        header(input);
        // most inputs die at the signature: the rest is tried behind it, too
        byte[] signed = Arrays.copyOf(SIGNATURE, SIGNATURE.length + input.length);
        System.arraycopy(input, 0, signed, SIGNATURE.length, input.length);
        header(signed);
    }

    private static void header(byte[] input) throws IOException {
        int[] read = {0};
        Optional<InetAddress> client;
        try {
            client =
                    ProxyHeader.read(count -> {
                        assertThat(read[0] + count).isLessThanOrEqualTo(ProxyHeader.MOST_OCTETS);
                        if (read[0] + count > input.length) {
                            throw new EOFException();
                        }
                        read[0] += count;
                        return Arrays.copyOfRange(input, read[0] - count, read[0]);
                    });
        } catch (ProtocolException | EOFException refused) {
            return;
        }
        int announced = ((input[14] & 0xFF) << 8) | (input[15] & 0xFF);
        assertThat(read[0]).isEqualTo(16 + announced);
        assertThat(Arrays.copyOf(input, 12)).isEqualTo(SIGNATURE);
        assertThat(client.isPresent()).isEqualTo(input[12] == 0x21);
        if (client.isPresent()) {
            int octets = input[13] == 0x11 ? 4 : 16;
            byte[] source = Arrays.copyOfRange(input, 16, 16 + octets);
            assertThat(client).contains(InetAddress.getByAddress(source));
        }
    }
}
