/** The identity room's own parts. */
@NullMarked
package io.mailkeep.identity.internal;

import org.jspecify.annotations.NullMarked;
