package io.mailkeep.claims;

import io.mailkeep.identity.Directory;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Secret;
import io.mailkeep.message.EmailAddress;
import io.mailkeep.tickets.Access;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The account the probes sign in with: of a company of its own, in a domain that can't exist (RFC
 * 6761), with a password that is made anew for each run and kept in memory only.
 */
record ProbeAccount(EmailAddress address, String password) {
    private static final String DOMAIN = "claims-probe.invalid";

    /** The account that probes sign in with, made at the first run. */
    static ProbeAccount of(Target target) {
        return of(target, "probe");
    }

    /** The account of this name, made at the first run. */
    static ProbeAccount of(Target target, String name) {
        Access access = target.directoryAccess().get();
        EmailAddress address = EmailAddress.parse(name + "@" + DOMAIN).orElseThrow();
        String password =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(target.randomness().bytes(24));
        Directory directory = target.directory();
        if (directory.tenants(access).stream()
                .noneMatch(tenant -> tenant.domains().contains(DOMAIN))) {
            done(directory.addTenant(access, "Claims probe", "default", DOMAIN));
        }
        Optional<Secret> secret = Optional.of(Secret.ofUtf8(password));
        if (directory.account(access, address).isEmpty()) {
            done(directory.addAccount(access, address, "Claims probe", secret));
        } else {
            done(directory.setPassword(access, address, secret));
        }
        return new ProbeAccount(address, password);
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Deferred<T>(var problem) ->
                    throw new IllegalStateException("the probe's account: " + problem.text());
            case Outcome.Refused<T>(var problem) ->
                    throw new IllegalStateException("the probe's account: " + problem.text());
        };
    }

    /** The initial response of SASL PLAIN (RFC 4616). */
    String plain() {
        return plain(password);
    }

    /** The same with another password. */
    String plain(String given) {
        return Base64.getEncoder()
                .encodeToString(
                        ("\0" + address.text() + "\0" + given).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "[probe account]";
    }
}
