package io.mailkeep.mailbox;

import io.mailkeep.audit.Trail;
import io.mailkeep.database.DropboxCalls;
import io.mailkeep.database.RoomDatabase;
import io.mailkeep.keys.DeliveryKeys;
import io.mailkeep.keys.ReadingKeys;
import io.mailkeep.segments.SegmentStore;

/**
 * What the mailbox room stands on.
 *
 * @param rows the database as the role {@code mk_mailbox} sees it
 * @param group the one call of the role {@code mk_dropbox}
 */
public record Backing(
        RoomDatabase rows,
        DropboxCalls group,
        DeliveryKeys deliveryKeys,
        ReadingKeys readingKeys,
        SegmentStore segments,
        Trail trail) {}
