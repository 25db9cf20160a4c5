/**
 * What the system tests stand on: the real launchers as separate processes, text to pipe through
 * them, raw sockets and a proxy that cuts connections. Knows the product from outside only:
 * commands, flags, port, files.
 */
@NullMarked
package io.mlog.systemtests.harness;

import org.jspecify.annotations.NullMarked;
