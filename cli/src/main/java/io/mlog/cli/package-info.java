/**
 * The command line: where the words of a person become calls of the client or a running broker, and
 * their outcomes one line and an exit code. Nothing imports it.
 */
@NullMarked
package io.mlog.cli;

import org.jspecify.annotations.NullMarked;
