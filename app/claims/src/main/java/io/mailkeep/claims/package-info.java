/** Claims. */
@NullMarked
package io.mailkeep.claims;

import org.jspecify.annotations.NullMarked;
