/** Mail transport. */
@NullMarked
package io.mailkeep.transport;

import org.jspecify.annotations.NullMarked;
