package io.mailkeep.testing.torture;

import java.util.List;
import java.util.stream.Collectors;

/** Something didn't hold. */
final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 30;

    Lost(String when, List<Finding> findings) {
        super(
                when
                        + ": "
                        + findings.size()
                        + " findings\n"
                        + findings.stream()
                                .limit(SHOWN)
                                .map(finding -> "  " + finding)
                                .collect(Collectors.joining("\n")));
    }
}
