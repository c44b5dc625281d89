package io.mailkeep.mailbox;

import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.ModSeq;

/**
 * A folder as it was when it was read.
 *
 * @param uidNext the UID the next message gets; may be 2^32, when none is left
 * @param highest the highest MODSEQ of any change in the folder (RFC 7162 3.1.2.1)
 */
public record Folder(
        FolderId id,
        FolderName name,
        SpecialUse specialUse,
        boolean subscribed,
        long uidValidity,
        long uidNext,
        ModSeq highest) {}
