/** Network and TLS. */
@NullMarked
package io.mailkeep.net;

import org.jspecify.annotations.NullMarked;
