/** Audit log. */
@NullMarked
package io.mailkeep.audit;

import org.jspecify.annotations.NullMarked;
