package io.mailkeep.identity;

/** What an address is to this installation. */
public sealed interface Resolution {
    /** An account of ours that takes mail. */
    record Local(Recipient recipient) implements Resolution {}

    /** The domain is ours, the local part isn't anybody's (or the account is disabled). */
    record NoSuchRecipient() implements Resolution {}

    /** The domain isn't ours. */
    record Outside() implements Resolution {}
}
