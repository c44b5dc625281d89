package io.mailkeep.audit;

import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import java.util.Optional;

/**
 * The port to the keys of people: what is sealed here can be forgotten without breaking the log.
 */
public interface SubjectCipher {
    /**
     * Seals a personal field under the subject's key; empty while the keys are sealed: the field is
     * then withheld.
     */
    Optional<byte[]> seal(TenantId tenant, SubjectId subject, byte[] clear);

    /** Opens one; empty when the subject's key was destroyed or the keys are sealed. */
    Optional<byte[]> open(TenantId tenant, SubjectId subject, byte[] sealed);
}
