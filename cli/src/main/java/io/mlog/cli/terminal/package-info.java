/**
 * What every command shares: how failures, versions and times are written. Imported by all of cli.
 */
@NullMarked
package io.mlog.cli.terminal;

import org.jspecify.annotations.NullMarked;
