/**
 * A cluster of real processes between which connections are cut, held up, delayed and reset, and
 * which are killed, paused and wiped: verbs for tests. Imported by the tests of clusters.
 */
@org.jspecify.annotations.NullMarked
package io.mlog.systemtests.faults;
