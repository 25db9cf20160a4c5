/**
 * {@code mlog dump} and {@code mlog verify}: what the files of a data directory hold, and whether
 * it is what was written. Only the command line imports it.
 */
@NullMarked
package io.mlog.cli.files;

import org.jspecify.annotations.NullMarked;
