/**
 * The acceptance of the product on real processes, and the rules between its rooms. Nobody imports
 * this package.
 */
@NullMarked
package io.mlog.systemtests;

import org.jspecify.annotations.NullMarked;
