/**
 * The way of a message in: who may send what to whom, and its delivery.
 *
 * <p><b>Promise.</b> A message is answered for once: {@code 250} only after every recipient's copy
 * is durable, {@code 4xx} when trying again may help, {@code 5xx} when it won't. Nothing is
 * accepted and dropped, and nothing is relayed. What is stored are the bytes that were sent,
 * without the fields that only this server may write (RFC 8601 5; {@code ATK-22}).
 *
 * <p><b>Who may call it.</b> The protocols that take mail ({@code smtp}), and {@code node}.
 *
 * <p><b>What it may touch.</b> The directory for looking up recipients, the spool, the write-only
 * {@code Dropbox}; each by the module's ticket and the recipient's standing one.
 *
 * <p><b>What it never does.</b> Read stored mail; put an address or content into a log.
 *
 * <p><b>The way of one message.</b> {@link io.mailkeep.transport.Intake#begin} checks the sender →
 * {@link io.mailkeep.transport.Transaction#recipient} each recipient → {@link
 * io.mailkeep.transport.Arrival} filters and spools the body → {@link
 * io.mailkeep.transport.Transaction#deliver} checks the header, writes trace fields and hands one
 * copy a mailbox to the {@code Dropbox}.
 */
@NullMarked
package io.mailkeep.transport;

import org.jspecify.annotations.NullMarked;
