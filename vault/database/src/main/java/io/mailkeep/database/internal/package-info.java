/** Inner parts of the database room; for this room only. */
@NullMarked
package io.mailkeep.database.internal;

import org.jspecify.annotations.NullMarked;
