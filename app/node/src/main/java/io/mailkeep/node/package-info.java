/** Node. */
@NullMarked
package io.mailkeep.node;

import org.jspecify.annotations.NullMarked;
