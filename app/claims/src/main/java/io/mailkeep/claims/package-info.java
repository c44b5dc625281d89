/**
 * Proves the product's promises on the running system ({@code mailkeep claims verify}).
 *
 * <p>Promise: no probe says <em>proved</em> without an observation that it prints; a verdict covers
 * what is built, and {@code saw} names the parts of the claim that aren't. Called by {@code node}.
 * A probe acts like an outsider or an auditor, through public surfaces only: it connects, signs in,
 * sends, reads files that an auditor may read; it never reaches into a room. The way of one
 * verdict: {@code ClaimsVerifier} → one class a claim ({@code Dat3}) → {@code Verdict}.
 */
@NullMarked
package io.mailkeep.claims;

import org.jspecify.annotations.NullMarked;
