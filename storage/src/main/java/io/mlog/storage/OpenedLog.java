package io.mlog.storage;

/** What became of opening one partition's log. */
public sealed interface OpenedLog {
    /** Which one. */
    FoundPartition partition();

    /** It can be used; the report tells what was repaired or must not be served. */
    record Ready(FoundPartition partition, PartitionLog log, RecoveryReport report)
            implements OpenedLog {}

    /** It cannot; the other logs are not concerned. */
    record Failed(FoundPartition partition, String reason) implements OpenedLog {}
}
