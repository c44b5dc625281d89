package io.mailkeep.segments;

import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.keys.DataKey;
import io.mailkeep.tickets.Access;
import java.util.List;

/**
 * One body to be appended.
 *
 * @param access one recipient's delivery (or the owner's writing); its tenant is bound to the body
 * @param bodyKey fresh for this body
 * @param header what is stored beside the body so that rows can be rebuilt: one opaque entry a
 *     recipient
 */
public record Writing(
        Access access,
        BlobId blob,
        DataClass dataClass,
        Clear body,
        DataKey bodyKey,
        List<byte[]> header) {}
