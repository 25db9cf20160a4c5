package io.mlog.simulation;

import java.util.List;

/**
 * A mistake planted in the product: in a copy of one of its sources one text, which is there
 * exactly once, is replaced by another.
 *
 * @param name what is wrong then
 * @param source path below the project's root
 * @param story the one of {@link Scenarios} that must catch it
 * @param mostSeeds of how many random runs one must catch it
 */
record Mutant(
        String name, String source, String text, String replacement, String story, int mostSeeds) {
    private static final String CORE = "core/src/main/java/io/mlog/core/";
    private static final String PARTITION = "broker/src/main/java/io/mlog/broker/partition/";

    /** All that must be caught. */
    static final List<Mutant> ALL =
            List.of(
                    new Mutant(
                            "ack before fsync",
                            PARTITION + "Leading.java",
                            "replica.highWatermark.value() >= endOffset);",
                            "true);",
                            "nothing is committed before the leader's disk has it",
                            20),
                    new Mutant(
                            "high watermark from the committed ISR only",
                            CORE + "replication/FollowerProgress.java",
                            "return committed || proposed;",
                            "return committed;",
                            "a member that the leader does not know of yet counts",
                            3000),
                    new Mutant(
                            "no compare-and-set",
                            CORE + "metadata/IsrDecider.java",
                            "if (proposal.partitionEpoch() != now.partitionEpoch()) {",
                            "if (proposal.partitionEpoch() < 0) {",
                            "a proposal overtaken by another changes nothing",
                            3000),
                    new Mutant(
                            "truncate to the high watermark",
                            PARTITION + "Following.java",
                            "        return Followership.truncationPoint(",
                            "        if (leaderEnd.offset() >= 0) return replica.highWatermark.value();\n"
                                    + "        return Followership.truncationPoint(",
                            "a follower is cut where the logs part",
                            3000),
                    new Mutant(
                            "stale fetch response accepted",
                            CORE + "replication/Followership.java",
                            "return askedLeader == leaderId",
                            "return true || askedLeader == leaderId",
                            "an answer of a former leader comes late",
                            10000),
                    new Mutant(
                            "high watermark moves with too few in sync",
                            CORE + "replication/Leadership.java",
                            "if (!enoughReplicas()) {",
                            "if (view.minIsr() < 0) {",
                            "one in sync commits nothing where two must be",
                            300),
                    new Mutant(
                            "epoch not checked",
                            PARTITION + "PartitionReads.java",
                            "if (leaderEpoch != role.leaderEpoch()) {",
                            "if (leaderEpoch < -1) {",
                            "a fetch in a former leader epoch says nothing",
                            3000),
                    new Mutant(
                            "leader's appended offset counted as replicated",
                            CORE + "replication/HighWatermark.java",
                            "return this == GROUP ? flushedOffset : logEndOffset;",
                            "return logEndOffset;",
                            "a new leader's tail counts when its disk has it",
                            20),
                    new Mutant(
                            "follower fetches before its flush",
                            PARTITION + "Following.java",
                            "return paused || !replica.isSafe()",
                            "return paused",
                            "a follower asks on when its disk has what it got",
                            20),
                    new Mutant(
                            "leader epoch used again after a restart",
                            CORE + "metadata/FencingDecider.java",
                            "LiveBrokers live = new LiveBrokers(image, present);",
                            "LiveBrokers live = new LiveBrokers(image);",
                            "a leader that restarts has another leader epoch",
                            3000),
                    new Mutant(
                            "recovered tail counted as flushed unsynced",
                            "storage/src/main/java/io/mlog/storage/TailScan.java",
                            "        makeDurable(file, checkFrom, load.end().position());",
                            "",
                            "a tail that was recovered is on disk",
                            3000),
                    new Mutant(
                            "timed-out ISR proposal forgotten",
                            CORE + "replication/FollowerProgress.java",
                            "proposed |= isMember;",
                            "proposed = isMember;",
                            "a proposal that nobody answered counts on",
                            3000),
                    new Mutant(
                            "old image obeyed after a restart",
                            "broker/src/main/java/io/mlog/broker/topics/PartitionViews.java",
                            "return registered != null && registered.bootEpoch() == self.bootEpoch();",
                            "return true;",
                            "metadata of before the restart is not obeyed",
                            300),
                    new Mutant(
                            "lower high watermark told after an election",
                            CORE + "replication/Leadership.java",
                            "return highWatermark.value() >= epochStart;",
                            "return true;",
                            "a new leader tells no lower high watermark",
                            3000));
}
