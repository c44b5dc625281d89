/** SMTP. */
@NullMarked
package io.mailkeep.smtp;

import org.jspecify.annotations.NullMarked;
