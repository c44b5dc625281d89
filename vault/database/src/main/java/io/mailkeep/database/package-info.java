/** Database access. */
@NullMarked
package io.mailkeep.database;

import org.jspecify.annotations.NullMarked;
