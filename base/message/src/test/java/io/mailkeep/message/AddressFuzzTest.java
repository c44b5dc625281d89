package io.mailkeep.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Addresses: one canonical form, printed and read again the same, without anything invisible. */
@Claim({"ATK-11", "ATK-90"})
class AddressFuzzTest implements FuzzTarget {
    private static final int MOST = 20;

    @Override
    public void one(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Optional<EmailAddress> parsed = EmailAddress.parse(text);
        if (parsed.isPresent()) {
            EmailAddress address = parsed.get();
            assertThat(EmailAddress.parse(address.text())).contains(address);
            assertThat(address.text().getBytes(StandardCharsets.UTF_8).length)
                    .isLessThanOrEqualTo(254);
            plain(address.text());
            plain(address.display());
            plain(address.lookupForm());
            assertThat(address.domain()).matches("[a-z0-9-]+(\\.[a-z0-9-]+)*");
            assertThat(EmailAddress.canonicalDomain(address.domain())).contains(address.domain());
            EmailAddress.parse(address.display())
                    .ifPresent(shown -> assertThat(shown.domain()).isEqualTo(address.domain()));
        }
        EmailAddress.canonicalDomain(text)
                .ifPresent(domain ->
                        assertThat(EmailAddress.canonicalDomain(domain)).contains(domain));
        List<Envelope.Mailbox> list = AddressList.parse(text, MOST);
        assertThat(list).hasSizeLessThanOrEqualTo(MOST);
        long octets =
                list.stream()
                        .mapToLong(one ->
                                length(one.name()) + length(one.mailbox()) + length(one.host()))
                        .sum();
        assertThat(octets).isLessThanOrEqualTo(2L * text.length() + 40L * list.size());
    }

    private static int length(Optional<String> text) {
        return text.map(String::length).orElse(0);
    }

    private static void plain(String text) {
        assertThat(text.codePoints())
                .noneMatch(c ->
                        Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
    }
}
