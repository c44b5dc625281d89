package io.mailkeep.keys;

import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.KeyId;
import io.mailkeep.kernel.NodeId;

/**
 * A copy's keys sealed to a mailbox's public key: a <em>tail</em> wrap, which the module that made
 * it can't open.
 *
 * @param node the mailbox+class node whose pair it is sealed to
 * @param pair the generation of that pair; a commit with a stale one is refused and sealed again
 * @param wrap suite number, encapsulated key and cipher text
 */
public record SealedCopy(CopyId copy, NodeId node, KeyId pair, byte[] wrap) {}
