package io.mailkeep.database;

import io.mailkeep.kernel.InstallationId;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Time;
import java.util.function.Consumer;

/**
 * What {@link Database#open} needs.
 *
 * @param installation whose database this is: written into an empty one, compared in any other
 * @param randomness makes the rooms' passwords, anew at every start
 * @param progress is told in a short sentence what is being done, for people who wait
 */
public record DatabaseSettings(
        DatabaseLocation location,
        InstallationId installation,
        Time time,
        Randomness randomness,
        Consumer<String> progress) {}
