package io.mailkeep.testing.bench;

/** What we mean to reach in one figure. */
sealed interface Goal {
    /** Which figure. */
    String figure();

    /** The goal itself, for people. */
    String text();

    /**
     * So many times better than the best of these peers, whichever way better is.
     *
     * @param factor at least
     */
    record Factor(String figure, Peer peer, double factor) implements Goal {
        @Override
        public String text() {
            return "≥ " + Report.number(factor) + "x " + peer.label();
        }
    }

    /**
     * Not more than this, whatever others do.
     *
     * @param most in the figure's unit
     */
    record Limit(String figure, double most) implements Goal {
        @Override
        public String text() {
            return "≤ " + Report.number(most);
        }
    }
}
