/**
 * Fuzzing of the parsers of bytes from outside: what a target is, its saved inputs, the hunt for
 * new ones with Jazzer.
 *
 * <p>Promise: every saved input is tried in every test run; a hunt starts from them, and what it
 * finds is a file that can be saved. Called by tests of the rooms that parse: a target lies in the
 * package of its parser, since parsers are internal and stay so. It touches the room's {@code
 * target} folder and starts a process.
 */
@NullMarked
package io.mailkeep.testing.fuzz;

import org.jspecify.annotations.NullMarked;
