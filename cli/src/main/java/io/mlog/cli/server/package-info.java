/**
 * {@code mlog server}: reads the settings, sets up logging, starts the broker, tells how to use it,
 * and stops it in order. Only the command line imports it.
 */
@NullMarked
package io.mlog.cli.server;

import org.jspecify.annotations.NullMarked;
