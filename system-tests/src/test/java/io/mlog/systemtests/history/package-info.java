/**
 * What clients were told, and whether the log that is left in the end can explain it. Pure, except
 * that {@link io.mlog.systemtests.history.Copies} reads files; imported by the tests and the
 * harness.
 */
@org.jspecify.annotations.NullMarked
package io.mlog.systemtests.history;
