package io.mailkeep.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.testing.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Configurations: taken or refused with one sentence that a terminal can show; what was taken is
 * written and read again the same.
 */
class ConfigurationFuzzTest implements FuzzTarget {
    @Override
    public void one(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Map<Setting, String> values;
        try {
            values = ConfigurationFile.parse(text, "mailkeep.yaml");
        } catch (ConfigurationException refused) {
            sentence(refused);
            return;
        }
        assertThat(values).containsOnlyKeys(Setting.values());
        assertThat(ConfigurationFile.parse(ConfigurationFile.write(values), "again"))
                .isEqualTo(values);
        try {
            Configuration taken = Configuration.of(Path.of("/data"), values);
            assertThat(taken.spool()).isAbsolute();
            assertThat(taken.messageBytes()).isPositive();
            assertThat(taken.expunged()).isPositive();
        } catch (ConfigurationException refused) {
            sentence(refused);
        }
    }

    private static void sentence(ConfigurationException refused) {
        assertThat(refused.getMessage()).isNotEmpty();
        assertThat(refused.getMessage().length()).isLessThan(3_000);
        assertThat(refused.getMessage().codePoints())
                .noneMatch(
                        c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }
}
