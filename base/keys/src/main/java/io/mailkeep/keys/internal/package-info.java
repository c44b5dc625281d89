/**
 * The inside of the keys room: key tree, key folders, primitives. Nobody else's: a test of the
 * walls looks. Raw key bytes are byte arrays here and nowhere else.
 */
@NullMarked
package io.mailkeep.keys.internal;

import org.jspecify.annotations.NullMarked;
