package io.mailkeep.claims;

/** Tries one claim on the running system. */
interface Probe {
    /** The claim it tries. */
    ClaimId claim();

    /** What it does, one sentence. */
    String does();

    /**
     * Tries it. An exception means that the attempt itself failed, which isn't a proof either: the
     * claim counts as failed.
     */
    Sighting look() throws Exception;
}
