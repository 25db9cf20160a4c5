package io.mlog.client.why;

import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Explains what the brokers have told. Stateless; any thread. {@code nowMs} is the time of day of
 * whoever asks, in ms since the epoch.
 */
public final class Why {
    /** Most partitions of a topic that are explained one by one. */
    private static final int MAX_PARTITIONS = 20;

    private Why() {}

    /**
     * Explains one partition.
     *
     * @param topic as its leaders describe it
     * @return empty when the topic has no such partition
     */
    public static Optional<List<String>> partition(
            DescribeTopic.Response topic,
            int partition,
            DescribeCluster.Response cluster,
            long nowMs) {
        return topic.partitions().stream()
                .filter(each -> each.partition() == partition)
                .findFirst()
                .map(found -> PartitionWhy.sentences(topic, found, cluster, nowMs));
    }

    /**
     * Explains a topic: in short what is well, at length what is not.
     *
     * @param topic as its leaders describe it
     */
    public static List<String> topic(
            DescribeTopic.Response topic, DescribeCluster.Response cluster, long nowMs) {
        List<DescribeTopic.Partition> ailing =
                topic.partitions().stream()
                        .filter(each -> !PartitionWhy.isWell(each, cluster) || isWaiting(each))
                        .toList();
        List<String> sentences = new ArrayList<>();
        int all = topic.partitions().size();
        sentences.add(
                "%s has %s with %s each; %s."
                        .formatted(
                                topic.topic(),
                                Words.count(all, "partition"),
                                Words.count(topic.replicas(), "replica"),
                                ailing.isEmpty()
                                        ? "every one has its leader and all replicas in sync, and all records are committed"
                                        : ailing.size()
                                                + " of them "
                                                + Words.are(ailing.size())
                                                + " not well"));
        long leaderless = ailing.stream().filter(each -> each.leaderNodeId().isEmpty()).count();
        if (leaderless > 0) {
            sentences.add(
                    "%s without a leader: no record can be written there or read."
                            .formatted(Words.count(leaderless, "partition")));
        }
        ailing.stream()
                .limit(MAX_PARTITIONS)
                .forEach(each ->
                        sentences.addAll(PartitionWhy.sentences(topic, each, cluster, nowMs)));
        if (ailing.size() > MAX_PARTITIONS) {
            sentences.add(
                    "%s more %s not shown."
                            .formatted(
                                    Words.count(ailing.size() - MAX_PARTITIONS, "partition"),
                                    Words.are(ailing.size() - MAX_PARTITIONS)));
        }
        return sentences;
    }

    /** Explains a group. */
    public static List<String> group(GroupOverview group, long nowMs) {
        return GroupWhy.sentences(group, nowMs);
    }

    private static boolean isWaiting(DescribeTopic.Partition partition) {
        return partition.log().filter(log -> log.highWatermark() < log.logEndOffset()).isPresent();
    }
}
