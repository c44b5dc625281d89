/** Architecture checks. */
@NullMarked
package io.mailkeep.testing.checks;

import org.jspecify.annotations.NullMarked;
