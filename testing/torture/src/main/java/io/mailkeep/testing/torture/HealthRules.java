package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Time;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The system is well again (N8): health is green, nothing asks for attention, nothing waits, no
 * file is left over, no more descriptors and threads than at the beginning, the store's invariants
 * hold, and no claim that was proved before fails.
 */
final class HealthRules {
    private static final int HEALTH = 8080;

    /** Connections, pools and threads that come and go. */
    private static final int SLACK = 60;

    private final Site site;
    private final Map<String, String> claims;
    private final long descriptors;
    private final long threads;

    /** A node that is well, without load. */
    HealthRules(Site site) throws IOException {
        this.site = site;
        this.claims = claims(site);
        this.descriptors = descriptors(site);
        this.threads = threads(site);
    }

    /** What doesn't hold after this time at the latest, without what takes long. */
    List<Finding> check(Duration patience) throws IOException {
        long begun = Time.system().nanos();
        List<Finding> findings = look();
        while (!findings.isEmpty() && Time.system().nanos() - begun < patience.toNanos()) {
            Ran.pause(Duration.ofMillis(500));
            findings = look();
        }
        return findings;
    }

    /** What doesn't hold of the store and of the claims. */
    List<Finding> thorough() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Ran doctor = site.cli("doctor", "--store");
        if (doctor.status() != 0) {
            add(findings, "doctor --store says: " + doctor.out().strip());
        }
        Map<String, String> now = claims(site);
        claims.forEach((id, verdict) -> {
            if (verdict.equals("proved") && !verdict.equals(now.get(id))) {
                add(findings, "claims verify: " + id + " was proved and is " + now.get(id));
            }
        });
        return findings;
    }

    private List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (!healthy()) {
            add(findings, "health isn't green");
            return findings;
        }
        JsonNode status = site.ask("status");
        if (!status.path("attention").isEmpty() || !status.has("attention")) {
            add(findings, "status asks for attention: " + status.path("attention"));
        }
        if (status.path("audit").path("waiting").asInt(-1) != 0) {
            add(findings, "audit entries wait: " + status.path("audit").path("waiting"));
        }
        leftovers().forEach(file -> add(findings, "left over: " + file));
        if (descriptors(site) > descriptors + SLACK) {
            add(findings, descriptors(site) + " descriptors, " + descriptors + " before");
        }
        if (threads(site) > threads + SLACK) {
            add(findings, threads(site) + " threads, " + threads + " before");
        }
        return findings;
    }

    private boolean healthy() {
        try {
            URI health = URI.create("http://127.0.0.1:" + site.ownPort(HEALTH) + "/health");
            HttpURLConnection asked = (HttpURLConnection) health.toURL().openConnection();
            asked.setConnectTimeout(5_000);
            asked.setReadTimeout(5_000);
            return asked.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException deaf) {
            return false;
        }
    }

    /** What has to be gone when nothing runs: messages on their way in, files half written. */
    private List<Path> leftovers() throws IOException {
        List<Path> left = new ArrayList<>();
        for (Path folder : List.of(site.data().resolve("spool"), site.keys())) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(Files::isRegularFile)
                        .filter(file ->
                                folder.endsWith("spool") || file.toString().endsWith(".new"))
                        .forEach(left::add);
            }
        }
        return left;
    }

    private static long descriptors(Site site) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + site.pid() + "/fd"))) {
            return open.count();
        }
    }

    private static long threads(Site site) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + site.pid() + "/task"))) {
            return tasks.count();
        }
    }

    private static Map<String, String> claims(Site site) throws IOException {
        Map<String, String> claims = new TreeMap<>();
        for (JsonNode claim : site.ask("claims", "verify")) {
            claims.put(claim.path("id").asString(), claim.path("verdict").asString());
        }
        return claims;
    }

    private static void add(List<Finding> findings, String what) {
        findings.add(new Finding("N8", what));
    }
}
