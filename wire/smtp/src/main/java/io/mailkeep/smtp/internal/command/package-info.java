/** Hidden parts of the SMTP room: a class a verb. */
@NullMarked
package io.mailkeep.smtp.internal.command;

import org.jspecify.annotations.NullMarked;
