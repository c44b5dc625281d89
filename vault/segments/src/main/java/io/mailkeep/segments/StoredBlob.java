package io.mailkeep.segments;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.TenantId;
import java.util.UUID;

/**
 * Where a body lies, durably.
 *
 * @param segment the segment file's id
 * @param position of the record in its segment, bytes
 * @param stored bytes of the whole record on disk
 * @param size bytes of the clear body
 */
public record StoredBlob(
        TenantId tenant,
        BlobId blob,
        DataClass dataClass,
        UUID segment,
        long position,
        long stored,
        long size) {}
