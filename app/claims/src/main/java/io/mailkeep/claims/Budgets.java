package io.mailkeep.claims;

import io.mailkeep.identity.SignInLimits;
import java.time.Duration;

/**
 * What strangers are allowed before they are stopped, as the running node is set.
 *
 * @param connectionsPerAddress open at once from one address, a service
 * @param handshake a TLS handshake may take in all
 * @param signIn how many failed sign-ins are borne
 */
public record Budgets(int connectionsPerAddress, Duration handshake, SignInLimits signIn) {}
