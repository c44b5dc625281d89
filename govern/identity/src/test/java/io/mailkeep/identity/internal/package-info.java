/** Tests of the identity room. */
@NullMarked
package io.mailkeep.identity.internal;

import org.jspecify.annotations.NullMarked;
