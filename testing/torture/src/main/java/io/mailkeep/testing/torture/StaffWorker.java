package io.mailkeep.testing.torture;

import io.mailkeep.kernel.Randomness;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * An administrator at work on the command line: changes one account's password, disables and
 * enables another. A command that fails leaves its outcome unknown.
 */
final class StaffWorker implements Worker {
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final Site site;
    private final Ledger ledger;
    private final String changed;
    private final String switched;
    private final Randomness randomness;

    StaffWorker(Site site, Ledger ledger, String changed, String switched, Randomness randomness) {
        this.site = site;
        this.ledger = ledger;
        this.changed = changed;
        this.switched = switched;
        this.randomness = randomness;
    }

    @Override
    public void once() throws IOException {
        switch (randomness.below(3)) {
            case 0 -> {
                String password = "vague-" + HexFormat.of().formatHex(randomness.bytes(8));
                Attempt attempt = ledger.sent(Verb.PASSWORD, changed, "", "", "", password, "");
                end(
                        attempt,
                        site.cliWith(
                                password + "\n", "account", "password", changed, "--ask-password"));
            }
            case 1 -> {
                Attempt attempt = ledger.sent(Verb.DISABLE, switched, "", "", "", "", "");
                end(attempt, site.cli("account", "disable", switched));
            }
            default -> {
                Attempt attempt = ledger.sent(Verb.ENABLE, switched, "", "", "", "", "");
                end(attempt, site.cli("account", "enable", switched));
            }
        }
        Ran.pause(BETWEEN);
    }

    private void end(Attempt attempt, Ran ran) throws IOException {
        LedgerEntry.Phase phase =
                ran.status() == 0 ? LedgerEntry.Phase.ACKED : LedgerEntry.Phase.UNKNOWN;
        ledger.ended(attempt, phase, "status " + ran.status());
    }

    @Override
    public void close() {}
}
