/**
 * The house itself: that make targets and launchers do what they say, on a copy of the checkout.
 * Nothing imports it.
 */
@NullMarked
package io.mlog.systemtests.house;

import org.jspecify.annotations.NullMarked;
