/** Tests of the identity room. */
@NullMarked
package io.mailkeep.identity;

import org.jspecify.annotations.NullMarked;
