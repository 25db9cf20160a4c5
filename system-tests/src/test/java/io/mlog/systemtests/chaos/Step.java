package io.mlog.systemtests.chaos;

import java.time.Duration;

/**
 * A fault, how long it lasts, and how long nothing happens after it, whether or not the cluster has
 * recovered by then.
 */
record Step(Fault fault, Duration lasts, Duration calm) {}
