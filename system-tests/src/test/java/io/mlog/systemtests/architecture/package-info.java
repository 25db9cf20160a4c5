/** The rules between the rooms, held against the compiled classes. Nobody imports this package. */
@NullMarked
package io.mlog.systemtests.architecture;

import org.jspecify.annotations.NullMarked;
