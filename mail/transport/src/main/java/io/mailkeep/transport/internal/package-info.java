/** Hidden parts of the transport room. */
@NullMarked
package io.mailkeep.transport.internal;

import org.jspecify.annotations.NullMarked;
