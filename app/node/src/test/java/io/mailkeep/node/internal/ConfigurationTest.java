package io.mailkeep.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code mailkeep.yaml} is strict: what isn't understood stops the start, with what to write
 * instead.
 */
class ConfigurationTest {
    private static Configuration with(String text) {
        Map<Setting, String> values = ConfigurationFile.parse(text, "mailkeep.yaml");
        values.putIfAbsent(Setting.KEYS_A, "k/a");
        if (values.get(Setting.KEYS_A).isEmpty()) {
            values.put(Setting.KEYS_A, "k/a");
            values.put(Setting.KEYS_B, "k/b");
        }
        return Configuration.of(Path.of("/data"), values);
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLineAndTheNearestKnownOne() {
        assertThatThrownBy(() -> with("host: a.example\nports:\n  smtps: 465\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("\"ports.smtps\"")
                .hasMessageContaining("\"ports.smtp\"");
    }

    @Test
    void aDoubledKeyIsRefused() {
        assertThatThrownBy(() -> with("host: a.example\nhost: b.example\n"))
                .hasMessageContaining("twice");
    }

    @Test
    void brokenYamlIsRefusedWithItsLine() {
        assertThatThrownBy(() -> with("host: a\n  listen: [\n")).hasMessageContaining("line ");
    }

    @Test
    void anAliasBombIsRefused() {
        assertThatThrownBy(() -> with("host: &a [x, x]\nlisten: *a\n"))
                .isInstanceOf(ConfigurationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "port-offset: 99999, port-offset",
        "heap: lots, heap",
        "host: 'a b', host",
        "'limits: {message-size: 50 parsecs}', limits.message-size",
        "'limits: {recipients: 0}', limits.recipients",
        "'retention: {expunged: never}', retention.expunged",
        "'certificates: {chain: c.pem}', certificates.key",
        "'proxy: {from: proxy.example}', proxy.from",
        "'proxy: {from: \"192.0.2.1,\"}', proxy.from",
        "'proxy: {from: 0.0.0.0/0}', proxy.from",
    })
    void aValueOutOfItsRangeIsRefusedByName(String text, String key) {
        assertThatThrownBy(() -> with(text)).hasMessageContaining(key);
    }

    @Test
    void unitsAreRead() {
        Configuration read =
                with("limits:\n  message-size: 25 MiB\nretention:\n  expunged: 14 d\n");
        assertThat(read.messageBytes()).isEqualTo(25L << 20);
        assertThat(read.expunged()).hasDays(14);
    }

    @Test
    void proxiesAreNobodyUnlessNamed() throws IOException {
        assertThat(with("host: a.example\n").proxies()).isEmpty();
        var named = with("proxy:\n  from: 192.0.2.1, 2001:db8::/64\n").proxies();
        assertThat(named).hasSize(2);
        assertThat(named.getFirst().contains(InetAddress.getByName("192.0.2.1"))).isTrue();
        assertThat(named.getLast().contains(InetAddress.getByName("2001:db8::7"))).isTrue();
    }

    @Test
    void whatIsWrittenAtFirstStartReadsBackAsTheDefaults(@TempDir Path directory)
            throws IOException {
        Configuration.writeFirst(directory, Optional.empty(), Optional.of(20_000));
        Configuration read = Configuration.read(directory, Optional.empty());
        assertThat(read.port(Setting.PORT_SMTP)).isEqualTo(20_025);
        assertThat(read.keysA())
                .isEqualTo(
                        directory.resolveSibling(directory.getFileName() + "-keys").resolve("a"));
        String text = Files.readString(Configuration.file(directory));
        for (Setting setting : Setting.values()) {
            assertThat(text).contains("# " + setting.comment());
        }
    }

    @Test
    void everyValueSurvivesWritingAndReading() {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.standard());
        }
        values.put(Setting.HOST, "quote\" back\\slash: # {");
        assertThat(ConfigurationFile.parse(ConfigurationFile.write(values), "x")).isEqualTo(values);
    }
}
