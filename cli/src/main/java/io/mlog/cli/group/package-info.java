/** The commands about consumer groups. */
@NullMarked
package io.mlog.cli.group;

import org.jspecify.annotations.NullMarked;
