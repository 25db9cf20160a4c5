package io.mlog.broker.partition;

/** Told when a partition's high watermark has moved or the partition has stopped serving. */
interface AdvanceListener {
    /** Called once for each time it was registered, with no lock held. */
    void advanced();
}
