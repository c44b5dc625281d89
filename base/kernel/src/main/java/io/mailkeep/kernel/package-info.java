/**
 * Words that every room shares: identifiers, {@link io.mailkeep.kernel.Outcome}, {@link
 * io.mailkeep.kernel.DataClass}, the event catalogue, and what of the machine is a parameter: time,
 * randomness and disk.
 *
 * <p>Promise: values only; nothing here opens a socket or a key, and a file only where a room asks
 * {@link io.mailkeep.kernel.Disk#system()} for it. Anyone may use it. By itself it touches nothing.
 */
@NullMarked
package io.mailkeep.kernel;

import org.jspecify.annotations.NullMarked;
