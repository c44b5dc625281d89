package io.mailkeep.identity.internal;

import io.mailkeep.database.HolderRekeyed;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Unavailable;
import java.util.function.Supplier;

/** Stores under key leaves that are valid when the transaction commits. */
final class FreshLeaves {
    private static final int REKEYED_TRIES = 10;

    private FreshLeaves() {}

    /** Runs it again with fresh leaves while a re-keying comes in between (KEYTREE, MK001). */
    static <T> Outcome<T> storing(Supplier<T> transaction) {
        for (int i = 1; ; i++) {
            try {
                return Outcome.done(transaction.get());
            } catch (Clash taken) {
                return Outcome.failed(taken.problem());
            } catch (HolderRekeyed again) {
                if (i == REKEYED_TRIES) {
                    throw new Unavailable(
                            Problem.temporary(
                                    "Keys are being renewed; try again.", "re-keyed too often"),
                            again);
                }
            }
        }
    }
}
