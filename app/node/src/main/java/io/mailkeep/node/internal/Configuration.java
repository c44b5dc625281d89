package io.mailkeep.node.internal;

import io.mailkeep.kernel.DataClass;
import io.mailkeep.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of one installation, checked: every path is absolute, every number in its
 * range.
 *
 * @param directory the data directory
 * @param portOffset added to each port
 */
record Configuration(
        Path directory,
        String host,
        String listen,
        int portOffset,
        Map<Setting, Integer> ports,
        List<Network> proxies,
        Optional<Path> certificate,
        Optional<Path> certificateKey,
        Optional<String> databaseUrl,
        String databaseUser,
        Optional<Path> databasePasswordFile,
        String region,
        Map<DataClass, Path> volumes,
        Path spool,
        Path auditA,
        Path auditB,
        Path keysA,
        Path keysB,
        long messageBytes,
        int recipients,
        int connections,
        int connectionsPerAddress,
        int connectionsPerAccount,
        long spoolBytes,
        Duration expunged,
        Duration epochChange) {

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,12})\\s*([A-Za-z]*)");

    /** The port of a service, with the offset. */
    int port(Setting setting) {
        return ports.get(setting) + portOffset;
    }

    /** The file of a data directory. */
    static Path file(Path directory) {
        return directory.resolve("mailkeep.yaml");
    }

    /** Writes the first configuration of an installation; an existing file is left alone. */
    static void writeFirst(Path directory, Optional<Path> keys, Optional<Integer> portOffset)
            throws IOException {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.standard());
        }
        Path folder =
                keys.map(Path::toAbsolutePath)
                        .orElseGet(
                                () -> directory.resolveSibling(directory.getFileName() + "-keys"))
                        .normalize();
        values.put(Setting.KEYS_A, folder.resolve("a").toString());
        values.put(Setting.KEYS_B, folder.resolve("b").toString());
        portOffset.ifPresent(offset -> values.put(Setting.PORT_OFFSET, offset.toString()));
        Files.writeString(
                file(directory),
                ConfigurationFile.write(values),
                java.nio.file.StandardOpenOption.CREATE_NEW);
    }

    /** Reads and checks the configuration of a data directory. */
    static Configuration read(Path directory, Optional<Integer> portOffset) throws IOException {
        Map<Setting, String> values = ConfigurationFile.read(file(directory));
        portOffset.ifPresent(offset -> values.put(Setting.PORT_OFFSET, offset.toString()));
        return of(directory, values);
    }

    static Configuration of(Path directory, Map<Setting, String> values) {
        Checker check = new Checker(directory, values);
        Map<Setting, Integer> ports = new EnumMap<>(Setting.class);
        int offset = check.number(Setting.PORT_OFFSET, 0, 55_000);
        for (Setting setting : Setting.values()) {
            if (setting.key().startsWith("ports.")) {
                ports.put(setting, check.number(setting, 1, 65_535 - offset));
            }
        }
        Map<DataClass, Path> volumes = new EnumMap<>(DataClass.class);
        for (DataClass dataClass : DataClass.values()) {
            volumes.put(dataClass, check.path(Setting.valueOf("VOLUME_" + dataClass.name())));
        }
        if (check.optionalPath(Setting.CERTIFICATE).isPresent()
                != check.optionalPath(Setting.CERTIFICATE_KEY).isPresent()) {
            throw new ConfigurationException(
                    "certificates.chain and certificates.key belong together: write both, or leave both empty.");
        }
        check.text(Setting.HEAP, "\\d{1,6} ?[kKmMgG]", "a number and k, m or g, such as 512m");
        return new Configuration(
                directory,
                check.text(
                        Setting.HOST,
                        "[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?",
                        "a host name, such as mail.example"),
                check.text(
                        Setting.LISTEN,
                        "[0-9A-Fa-f.:]{2,45}",
                        "a network address, such as 0.0.0.0"),
                offset,
                Map.copyOf(ports),
                check.networks(Setting.PROXY_FROM),
                check.optionalPath(Setting.CERTIFICATE),
                check.optionalPath(Setting.CERTIFICATE_KEY),
                Optional.of(values.get(Setting.DATABASE_URL)).filter(url -> !url.isEmpty()),
                values.get(Setting.DATABASE_USER),
                check.optionalPath(Setting.DATABASE_PASSWORD_FILE),
                check.text(
                        Setting.REGION, "[a-z0-9-]{1,40}", "lower-case letters, digits and dashes"),
                Map.copyOf(volumes),
                check.path(Setting.SPOOL),
                check.path(Setting.AUDIT_A),
                check.path(Setting.AUDIT_B),
                check.path(Setting.KEYS_A),
                check.path(Setting.KEYS_B),
                check.bytes(Setting.MESSAGE_SIZE),
                check.number(Setting.RECIPIENTS, 1, 10_000),
                check.number(Setting.CONNECTIONS, 1, 100_000),
                check.number(Setting.CONNECTIONS_ADDRESS, 1, 100_000),
                check.number(Setting.CONNECTIONS_ACCOUNT, 1, 10_000),
                check.bytes(Setting.SPOOL_BYTES),
                check.duration(Setting.EXPUNGED),
                check.duration(Setting.EPOCH));
    }

    /** Reads one value after another and says what is wrong with it. */
    private record Checker(Path directory, Map<Setting, String> values) {
        private ConfigurationException wrong(Setting setting, String wanted) {
            return new ConfigurationException(
                    "mailkeep.yaml: \""
                            + setting.key()
                            + "\" is \""
                            + values.get(setting)
                            + "\", but must be "
                            + wanted
                            + ".");
        }

        private String text(Setting setting, String pattern, String wanted) {
            String value = values.get(setting);
            if (!value.matches(pattern)) {
                throw wrong(setting, wanted);
            }
            return value;
        }

        private int number(Setting setting, int least, int most) {
            try {
                int value = Integer.parseInt(values.get(setting));
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException notANumber) {
                // refused below, like a number out of range
            }
            throw wrong(setting, "a whole number from " + least + " to " + most);
        }

        private List<Network> networks(Setting setting) {
            List<Network> networks = new ArrayList<>();
            for (String text : values.get(setting).split(",", -1)) {
                if (!values.get(setting).isEmpty()) {
                    networks.add(
                            Network.parse(text.strip())
                                    .orElseThrow(() ->
                                            wrong(
                                                    setting,
                                                    "addresses or networks, such as 192.0.2.1,"
                                                            + " 2001:db8::/64")));
                }
            }
            return List.copyOf(networks);
        }

        private Path path(Setting setting) {
            return optionalPath(setting).orElseThrow(() -> wrong(setting, "the path of a folder"));
        }

        private Optional<Path> optionalPath(Setting setting) {
            String value = values.get(setting);
            return value.isEmpty()
                    ? Optional.empty()
                    : Optional.of(directory.resolve(value).toAbsolutePath().normalize());
        }

        private long bytes(Setting setting) {
            Matcher parts = QUANTITY.matcher(values.get(setting));
            if (parts.matches()) {
                long number = Long.parseLong(parts.group(1));
                int shift =
                        switch (parts.group(2).toLowerCase(Locale.ROOT)) {
                            case "", "b" -> 0;
                            case "kib" -> 10;
                            case "mib" -> 20;
                            case "gib" -> 30;
                            case "tib" -> 40;
                            default -> -1;
                        };
                if (shift >= 0 && number > 0 && number < (1L << 50 >> shift)) {
                    return number << shift;
                }
            }
            throw wrong(setting, "a size, such as 50 MiB or 8 GiB");
        }

        private Duration duration(Setting setting) {
            Matcher parts = QUANTITY.matcher(values.get(setting));
            if (parts.matches() && parts.group(1).length() < 7) {
                long number = Long.parseLong(parts.group(1));
                Duration value =
                        switch (parts.group(2)) {
                            case "s" -> Duration.ofSeconds(number);
                            case "min" -> Duration.ofMinutes(number);
                            case "h" -> Duration.ofHours(number);
                            case "d" -> Duration.ofDays(number);
                            default -> Duration.ZERO;
                        };
                if (value.isPositive()) {
                    return value;
                }
            }
            throw wrong(setting, "a time, such as 30 d, 24 h or 10 min");
        }
    }
}
