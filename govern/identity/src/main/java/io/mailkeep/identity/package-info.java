/** Identity. */
@NullMarked
package io.mailkeep.identity;

import org.jspecify.annotations.NullMarked;
