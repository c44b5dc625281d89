/** Tests of the message room. */
@NullMarked
package io.mailkeep.message;

import org.jspecify.annotations.NullMarked;
