/**
 * {@code mlog producer} and {@code mlog consumer}: records between the process's streams and a
 * topic. Only the command line imports it.
 */
@NullMarked
package io.mlog.cli.records;

import org.jspecify.annotations.NullMarked;
