package io.mailkeep.audit;

import io.mailkeep.kernel.SubjectId;
import io.mailkeep.kernel.TenantId;
import java.util.Optional;

/** For reading the log as an auditor without keys does: personal fields stay sealed. */
public final class NoSubjects implements SubjectCipher {
    @Override
    public Optional<byte[]> seal(TenantId tenant, SubjectId subject, byte[] clear) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> open(TenantId tenant, SubjectId subject, byte[] sealed) {
        return Optional.empty();
    }
}
