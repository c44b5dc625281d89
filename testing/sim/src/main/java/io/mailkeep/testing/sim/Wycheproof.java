package io.mailkeep.testing.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Project Wycheproof's vectors, for tests that run where somebody has them: they come in no package
 * and aren't part of this repository. {@value #FOLDER} names the folder {@code testvectors_v1} of a
 * clone.
 */
public final class Wycheproof {
    /** The system property that names the folder. */
    public static final String FOLDER = "mailkeep.wycheproof";

    /** Why a test of these vectors was skipped. */
    public static final String SKIPPED =
            "Wycheproof's vectors come in no package: -Dmailkeep.wycheproof=FOLDER runs them";

    private Wycheproof() {}

    /** One vector with the fields of its group. */
    public record Vector(JsonNode group, JsonNode test) {
        /** A field in hex, of the vector itself. */
        public byte[] bytes(String field) {
            return HexFormat.of().parseHex(test.required(field).asString());
        }

        /** The public key of its group, in hex as Ed25519's files have it. */
        public byte[] publicKey() {
            return HexFormat.of().parseHex(group.required("publicKey").required("pk").asString());
        }

        /** Whether an implementation must take it; false also for what it may refuse. */
        public boolean valid() {
            return result().equals("valid");
        }

        /** {@code valid}, {@code invalid} or {@code acceptable}. */
        public String result() {
            return test.required("result").asString();
        }

        @Override
        public String toString() {
            return "vector " + test.required("tcId") + ": " + test.required("comment").asString();
        }
    }

    /** All vectors of a file, named without its ending. */
    public static List<Vector> vectors(String file) {
        Path folder = Path.of(System.getProperty(FOLDER));
        JsonNode all = JsonMapper.shared().readTree(folder.resolve(file + ".json"));
        List<Vector> vectors = new ArrayList<>();
        for (JsonNode group : all.required("testGroups")) {
            group.required("tests").forEach(test -> vectors.add(new Vector(group, test)));
        }
        return vectors;
    }
}
