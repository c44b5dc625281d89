package io.mailkeep.claims;

import java.util.ArrayList;
import java.util.List;

/**
 * What a probe observes, gathered while it looks: sentences, and whether one of them contradicts
 * the claim.
 */
final class Sighting {
    private final List<String> proofs = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private String unbuilt = "";

    /** Notes an observation: it must hold for the claim to be proved. */
    Sighting expect(boolean holds, String observation) {
        (holds ? proofs : contradictions).add(observation);
        return this;
    }

    /** Notes that this machine or configuration can't show the claim, and what to do. */
    Sighting notConfigured(String whatToDo) {
        missing.add(whatToDo);
        return this;
    }

    /** Names the parts of the claim that aren't built. */
    Sighting notBuilt(String parts) {
        unbuilt = parts;
        return this;
    }

    /** Failed if anything contradicts; proved only with an observation. */
    Verdict.State state() {
        if (!contradictions.isEmpty() || proofs.isEmpty()) {
            return Verdict.State.FAILED;
        }
        return missing.isEmpty() ? Verdict.State.PROVED : Verdict.State.NOT_CONFIGURED;
    }

    /** Everything in words, what contradicts first. */
    String words() {
        List<String> words = new ArrayList<>();
        contradictions.forEach(one -> words.add("NOT SO: " + one));
        words.addAll(missing);
        words.addAll(proofs);
        if (proofs.isEmpty() && contradictions.isEmpty()) {
            words.add("nothing was observed");
        }
        if (!unbuilt.isEmpty()) {
            words.add("not built yet: " + unbuilt);
        }
        return String.join("; ", words);
    }
}
