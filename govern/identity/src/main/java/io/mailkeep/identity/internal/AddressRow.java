package io.mailkeep.identity.internal;

import io.mailkeep.kernel.AccountId;

/** One address as stored. */
public record AddressRow(AccountId account, byte[] hash, SealedText address, boolean alias) {}
