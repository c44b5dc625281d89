/**
 * Faults by the real thing against a running node under load, and the checker that says whether
 * anything was lost: {@code ./mailkeep torture}.
 *
 * <p>Promise: what was attempted and what was answered stands, synced, in a ledger that a process
 * of its own keeps, before the next step; after each fault the rules N1 to N8 are held against that
 * ledger and not against what the node says of itself; each failure names the rule, the place and
 * the command that shows it again. Rows are picked by {@code --rows}, moments by {@code --seed}.
 * May touch loopback sockets, a folder of its own, the node's processes and files; it starts the
 * node by the launcher alone and knows no room of it but the verifier of the audit log.
 */
@NullMarked
package io.mailkeep.testing.torture;

import org.jspecify.annotations.NullMarked;
