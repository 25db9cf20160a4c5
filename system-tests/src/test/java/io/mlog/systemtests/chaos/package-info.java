/**
 * Faults drawn from a seed, and a run of them against a cluster of real processes under load.
 * Imported by nobody.
 */
@org.jspecify.annotations.NullMarked
package io.mlog.systemtests.chaos;
