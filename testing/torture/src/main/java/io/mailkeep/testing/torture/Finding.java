package io.mailkeep.testing.torture;

/**
 * A rule that doesn't hold.
 *
 * @param rule {@code N1} to {@code N8}, or the row whose own text doesn't hold
 * @param what what, and where
 */
record Finding(String rule, String what) {
    @Override
    public String toString() {
        return rule + " " + what;
    }
}
