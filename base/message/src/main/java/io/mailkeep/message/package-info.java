/**
 * Mail as data: addresses, header fields, MIME structure with byte ranges, decoding for people.
 *
 * <p>Promise: pure. Nothing here opens a file, a socket or a key; nothing throws on what a message
 * contains (only on a stream that fails); everything takes one pass, memory bounded by the limits
 * and time linear in size, however parts nest. Types that hold content or addresses print as what
 * they are, not what they hold. Anyone may use it; it touches nothing, and never rebuilds a
 * received message: structure is told as ranges of the stored bytes.
 *
 * <p>The way of a message: {@link io.mailkeep.message.Outline#of} walks its lines once with a stack
 * of open parts, hands each header block to {@link io.mailkeep.message.HeaderBlock}, and closes
 * parts at the boundary lines; the outline is stored beside the message, and IMAP's sections are
 * ranges from then on.
 *
 * <p>Why an own walk: mime4j's token stream has no nesting limit (nested messages overflow the
 * stack), rescans nested multiparts once a level, refuses long lines, and gives no byte offset of a
 * part. The walk knows boundaries only (RFC 2046 5.1.1). What stands in the fields is mime4j's
 * where it is safe and loses nothing: parameters ({@code RawFieldParser}) and base64. Address lists
 * are read by an own parser, since mime4j's drops routes and names in comments, which RFC 9051
 * 7.5.2 shows.
 */
@NullMarked
package io.mailkeep.message;

import org.jspecify.annotations.NullMarked;
