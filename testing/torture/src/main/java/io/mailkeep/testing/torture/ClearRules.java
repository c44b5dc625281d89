package io.mailkeep.testing.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Nothing in clear (N6): neither what the load wrote nor a key is found in any file of the data
 * directory, in any of the forms that {@link CanaryScan} knows.
 */
final class ClearRules {
    private static final int KEY_BYTES = 32;
    private static final int DIGEST_BYTES = 32;

    /** Files of a key folder whose content ends with a secret; then comes a digest. */
    private static final Pattern SECRET =
            Pattern.compile("root\\.key|epoch-[0-9]+\\.key|audit-checkpoint\\.key");

    private ClearRules() {}

    /** What doesn't hold. */
    static List<Finding> check(Site site, String canary) throws IOException {
        List<Finding> findings = new ArrayList<>();
        CanaryScan.find(List.of(site.data()), List.of(canary))
                .forEach(found -> findings.add(new Finding("N6", "in clear: " + found)));
        CanaryScan.find(List.of(site.data()), keys(site.keys()))
                .forEach(found -> findings.add(new Finding("N6", "a key in clear: " + found)));
        return findings;
    }

    private static Map<String, byte[]> keys(Path folder) throws IOException {
        Map<String, byte[]> keys = new java.util.TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (SECRET.matcher(file.getFileName().toString()).matches()) {
                    byte[] all = Files.readAllBytes(file);
                    int end = all.length - DIGEST_BYTES;
                    String name = folder.relativize(file).toString();
                    keys.put(name, Arrays.copyOfRange(all, end - KEY_BYTES, end));
                }
            }
        }
        return keys;
    }
}
