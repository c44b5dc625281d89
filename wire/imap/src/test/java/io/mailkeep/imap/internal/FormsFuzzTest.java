package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.imap.ImapLimits;
import io.mailkeep.kernel.Claim;
import io.mailkeep.testing.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Forms that are read and written: what is printed is read again the same, on one line. */
@Claim({"ATK-49", "ATK-50", "ATK-51", "ATK-53"})
class FormsFuzzTest implements FuzzTarget {
    private static final ImapLimits LIMITS = ImapLimits.standard();

    @Override
    public void one(byte[] input) throws IOException {
        String text = new String(input, StandardCharsets.UTF_8);
        strings(text);
        modifiedUtf7(text);
        sets(text);
        sections(text);
        dates(text);
        patterns(text);
    }

    private interface Writing {
        ResponseWriter write(ResponseWriter out) throws IOException;
    }

    /** The written form, cut into text and literals as a client's command is. */
    private static Tokens written(boolean utf8, Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ResponseWriter out = new ResponseWriter(bytes);
        if (utf8) {
            out.enableUtf8();
        }
        writing.write(out);
        byte[] all = bytes.toByteArray();
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        int at = 0;
        while (at < all.length) {
            if (all[at] == '\r') {
                byte[] line = Arrays.copyOfRange(all, from, at);
                int octets = (int) CommandReader.announced(line).orElseThrow().octets();
                int open = new String(line, StandardCharsets.ISO_8859_1).lastIndexOf('{');
                pieces.add(Arrays.copyOf(line, open));
                pieces.add(Arrays.copyOfRange(all, at + 2, at + 2 + octets));
                from = at + 2 + octets;
                at = from;
            } else {
                assertThat(all[at]).isNotIn((byte) '\n', (byte) 0);
                at++;
            }
        }
        pieces.add(Arrays.copyOfRange(all, from, all.length));
        return new Tokens(pieces);
    }

    private static void strings(String text) throws IOException {
        for (boolean utf8 : new boolean[] {false, true}) {
            assertThat(written(utf8, out -> out.string(text)).string())
                    .isEqualTo(text.replace('\0', '?'));
            Tokens astring = written(utf8, out -> out.astring(text));
            assertThat(astring.astring()).isEqualTo(text.replace('\0', '?'));
            astring.end();
        }
    }

    private static void modifiedUtf7(String text) {
        Optional<String> name = ModifiedUtf7.decode(text);
        name.ifPresent(it -> assertThat(ModifiedUtf7.encode(it)).isEqualTo(text));
        String wire = ModifiedUtf7.encode(text);
        assertThat(wire).matches("[ -~]*");
        assertThat(ModifiedUtf7.decode(wire)).contains(text);
    }

    private static void sets(String text) {
        Tokens tokens = Tokens.of(text);
        Optional<SequenceSet> parsed =
                unlessRefused(() -> SequenceSet.parse(tokens, LIMITS.ranges()));
        parsed.ifPresent(set -> {
            long last = -1;
            for (SequenceSet.Range range : set.merged(1_000)) {
                assertThat(range.from()).isGreaterThan(last + (last < 0 ? 0 : 1));
                assertThat(range.to()).isBetween(range.from(), 0xFFFF_FFFFL);
                last = range.to();
            }
        });
        long[] numbers = text.chars().asLongStream().map(c -> c + 1).distinct().sorted().toArray();
        if (numbers.length > 0) {
            Tokens printed = Tokens.of(SequenceSet.text(numbers));
            List<Long> again = new ArrayList<>();
            for (SequenceSet.Range range : SequenceSet.parse(printed, 100_000).merged(1)) {
                for (long one = range.from(); one <= range.to(); one++) {
                    again.add(one);
                }
            }
            assertThat(again).containsExactly(Arrays.stream(numbers).boxed().toArray(Long[]::new));
        }
    }

    private static void sections(String text) throws IOException {
        Tokens tokens = Tokens.of("[" + text);
        Optional<SectionName> parsed = unlessRefused(() -> SectionName.parse(tokens, LIMITS));
        if (parsed.isPresent()) {
            SectionName section = parsed.get();
            Tokens printed =
                    written(
                            true,
                            out -> {
                                section.write(out);
                                return out;
                            });
            assertThat(SectionName.parse(printed, LIMITS)).isEqualTo(section);
            printed.end();
        }
    }

    private static void dates(String text) {
        Optional<Instant> instant = unlessRefused(() -> ImapDate.dateTime(text));
        instant.ifPresent(it -> {
            String printed = ImapDate.text(it);
            assertThat(ImapDate.dateTime(printed.substring(1, printed.length() - 1))).isEqualTo(it);
        });
        unlessRefused(() -> ImapDate.date(Tokens.of(text)));
    }

    private static void patterns(String text) {
        int half = text.length() / 2;
        String name = text.substring(0, half);
        ListPattern pattern = ListPattern.of(text.substring(half));
        boolean matches = pattern.matches(name);
        if (text.substring(half).matches("(?s)[^*%]{6,900}")) {
            assertThat(matches)
                    .isEqualTo(name.equals(text.substring(half)) || (matches && inbox(text, half)));
        }
        assertThat(ListPattern.of("*").matches(name)).isTrue();
        assertThat(ListPattern.of("%").matches(name)).isEqualTo(name.indexOf('/') < 0);
    }

    private static boolean inbox(String text, int half) {
        return text.regionMatches(true, half, "INBOX", 0, 5);
    }

    private static <T> Optional<T> unlessRefused(Supplier<T> parsing) {
        try {
            return Optional.of(parsing.get());
        } catch (BadCommand refused) {
            assertThat(refused.text()).matches("[ -~]{1,200}");
            return Optional.empty();
        }
    }
}
