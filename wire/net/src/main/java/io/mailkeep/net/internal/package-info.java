/** Hidden parts of the net room. */
@NullMarked
package io.mailkeep.net.internal;

import org.jspecify.annotations.NullMarked;
