/** Holds the README to what it says. Nobody imports this package. */
@NullMarked
package io.mlog.systemtests.readme;

import org.jspecify.annotations.NullMarked;
