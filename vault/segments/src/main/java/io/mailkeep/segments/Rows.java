package io.mailkeep.segments;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.TenantId;
import java.util.Set;

/** The port to the rows that refer to bodies: what the sweep and the doctor ask. */
@FunctionalInterface
public interface Rows {
    /** The places that rows of this tenant name for these bodies. */
    Set<Place> places(TenantId tenant, Set<BlobId> blobs);
}
