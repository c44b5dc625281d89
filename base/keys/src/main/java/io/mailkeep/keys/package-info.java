/** Keys and sealing. */
@NullMarked
package io.mailkeep.keys;

import org.jspecify.annotations.NullMarked;
