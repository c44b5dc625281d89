/** Test client. */
@NullMarked
package io.mailkeep.testing.client;

import org.jspecify.annotations.NullMarked;
