/**
 * The walls and the style of the house as tests: which room may know which, which tool belongs to
 * whom, that what reaches data takes an access, how long a function may be, that cited ids exist.
 *
 * <p>Promise: a change that breaks a wall turns a test red that names the class. Called by nobody;
 * it reads classes and sources and touches nothing.
 */
@NullMarked
package io.mailkeep.testing.checks;

import org.jspecify.annotations.NullMarked;
