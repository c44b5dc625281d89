package io.mailkeep.testing.bench;

/**
 * One measured value.
 *
 * @param figure what was measured
 * @param unit of the amount
 * @param moreIsBetter or else less is
 */
record Value(String figure, String unit, boolean moreIsBetter, double amount) {}
