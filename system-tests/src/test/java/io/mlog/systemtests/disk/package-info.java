/**
 * Disks that misbehave, under a real broker in a process of its own. Only the system tests may use
 * it; the product has no way to choose one.
 */
@NullMarked
package io.mlog.systemtests.disk;

import org.jspecify.annotations.NullMarked;
