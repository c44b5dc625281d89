/**
 * The museum of planted bugs: patches to the real code, each of which some test must catch.
 *
 * <p>Promise: a patch that no longer applies, doesn't compile, or that no test catches within ten
 * minutes fails. Called by {@code ./mailkeep museum}, for three cheap ones by the normal tests. It
 * reads the sources and writes what it plants to folders of its own; the sources stay as they are.
 * All of it is test code: this package is empty in the product.
 */
@NullMarked
package io.mailkeep.testing.museum;

import org.jspecify.annotations.NullMarked;
