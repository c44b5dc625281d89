/**
 * Words that every room shares: identifiers, {@link io.mailkeep.kernel.Outcome}, {@link
 * io.mailkeep.kernel.DataClass}, the event catalogue, time and randomness.
 *
 * <p>Promise: values only; nothing here opens a file, a socket or a key. Anyone may use it. It
 * touches nothing.
 */
@NullMarked
package io.mailkeep.kernel;

import org.jspecify.annotations.NullMarked;
