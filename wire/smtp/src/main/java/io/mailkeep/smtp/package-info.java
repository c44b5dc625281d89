/**
 * SMTP: the mail exchanger on port 25 and submission on 587 and 465 (RFC 5321, 6409, 3207, 8314,
 * 4954, 1870, 2920, 6152, 6531, 2034); LMTP for a queue on the same machine (RFC 2033).
 *
 * <p><b>Promise.</b> Only CRLF ends a line and only CRLF.CRLF ends data ({@code ATK-01}); each
 * command gets one answer, in order, whatever is sent ({@code ATK-06}), LMTP's data one for each
 * recipient; what is advertised is complete. Passwords are taken through TLS only ({@code NET-1}).
 *
 * <p><b>Who may call it.</b> {@code node}, which puts {@link io.mailkeep.smtp.Smtp} behind a
 * listener.
 *
 * <p><b>What it may touch.</b> Its connection; everything else through the intake of {@code
 * transport}.
 *
 * <p><b>What it never does.</b> Read stored mail, relay, slow a client down on purpose, or put what
 * a client sent into a log.
 *
 * <p><b>The way of one command.</b> {@code internal.SmtpSession} reads a line and judges it → finds
 * the verb's class in {@code internal.command} → it acts on the {@code Conversation} and answers a
 * {@code Reply} → the session sends it. Temporary problems, refusals and defects become replies at
 * one place, in the session.
 */
@NullMarked
package io.mailkeep.smtp;

import org.jspecify.annotations.NullMarked;
