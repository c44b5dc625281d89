/** HTTP API. */
@NullMarked
package io.mailkeep.api;

import org.jspecify.annotations.NullMarked;
