/**
 * The IMAP room's inside: {@link io.mailkeep.imap.internal.Tokens} reads commands, {@link
 * io.mailkeep.imap.internal.ResponseWriter} writes answers, {@link
 * io.mailkeep.imap.internal.Session} keeps one client's state and calls one class of {@code
 * command} a verb.
 */
@NullMarked
package io.mailkeep.imap.internal;

import org.jspecify.annotations.NullMarked;
