package io.mailkeep.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;

/** Tickets as bytes: what decodes is the one encoding of it, and nothing unsigned is signed. */
@Claim({"DAT-3", "ATK-81"})
class TicketFuzzTest implements FuzzTarget {
    private final PublicKey key;

    TicketFuzzTest() throws GeneralSecurityException {
        key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    }

    @Override
    public void one(byte[] input) {
        Optional<Ticket> ticket = TicketCodec.decode(input);
        if (ticket.isPresent()) {
            assertThat(TicketCodec.encode(ticket.get())).isEqualTo(input);
            assertThat(input.length).isLessThanOrEqualTo(TicketCodec.SIZE_MAX_BYTES);
            assertThat(ticket.get().toString().chars()).noneMatch(Character::isISOControl);
        }
        if (input.length > 64 && input.length % 16 == 0) {
            byte[] signature = Arrays.copyOf(input, 64);
            byte[] rest = Arrays.copyOfRange(input, 64, input.length);
            assertThat(TicketCodec.signedBy(key, new SignedTicket(rest, signature))).isFalse();
        }
    }
}
