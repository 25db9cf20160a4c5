/**
 * The log on disk: segments, indexes, checkpoints, recovery, and the directory that holds them. The
 * only room that opens files. Imports model and records; the broker and the command line import it.
 */
@NullMarked
package io.mlog.storage;

import org.jspecify.annotations.NullMarked;
