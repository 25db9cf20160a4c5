/**
 * File stores that fail on demand: for the tests of any room, the simulator and the system tests.
 * No part of a running broker, except that a hidden setting may put {@link
 * io.mlog.storage.fake.DroppingFileStore} in its place. Imports {@code io.mlog.storage} only.
 */
@NullMarked
package io.mlog.storage.fake;

import org.jspecify.annotations.NullMarked;
