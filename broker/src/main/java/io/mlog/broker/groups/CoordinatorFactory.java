package io.mlog.broker.groups;

import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.GroupCoordination;

/** Starts the coordinator of this broker. */
@FunctionalInterface
public interface CoordinatorFactory {
    /** A running coordinator that leads nothing yet; takes up to a second. */
    GroupCoordination start(CoordinatorLogs logs);
}
