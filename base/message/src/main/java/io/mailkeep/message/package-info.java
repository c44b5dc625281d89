/** Message parsing and building. */
@NullMarked
package io.mailkeep.message;

import org.jspecify.annotations.NullMarked;
