/** Hidden parts of the SMTP room. */
@NullMarked
package io.mailkeep.smtp.internal;

import org.jspecify.annotations.NullMarked;
