/** The command that explains. */
@NullMarked
package io.mlog.cli.why;

import org.jspecify.annotations.NullMarked;
