/** How segments lie on disk, and who writes them. For this room only. */
@NullMarked
package io.mailkeep.segments.internal;

import org.jspecify.annotations.NullMarked;
