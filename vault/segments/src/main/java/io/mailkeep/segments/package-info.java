/** Segment store. */
@NullMarked
package io.mailkeep.segments;

import org.jspecify.annotations.NullMarked;
