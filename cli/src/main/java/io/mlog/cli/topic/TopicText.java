package io.mlog.cli.topic;

import io.mlog.cli.terminal.Table;
import io.mlog.protocol.AlterTopic;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ListTopics;
import java.util.List;
import java.util.TreeMap;

/** What is said about topics to people. */
final class TopicText {
    private static final String NONE = "-";

    private TopicText() {}

    static String created(CreateTopic.Response topic) {
        int replicas =
                topic.partitions().isEmpty() ? 0 : topic.partitions().getFirst().replicas().size();
        return "created %s: %s, %s each"
                .formatted(
                        topic.topic(),
                        count(topic.partitions().size(), "partition", "partitions"),
                        count(replicas, "replica", "replicas"));
    }

    static String altered(AlterTopic.Response topic) {
        return "altered %s: %s, %s"
                .formatted(
                        topic.topic(),
                        count(topic.partitions(), "partition", "partitions"),
                        topic.configs().isEmpty()
                                ? "default configuration"
                                : new TreeMap<>(topic.configs()).toString());
    }

    static String list(List<ListTopics.Topic> topics) {
        if (topics.isEmpty()) {
            return "no topics\n";
        }
        Table table = new Table("TOPIC", "PARTITIONS", "REPLICAS", "LEADER OF 0");
        for (ListTopics.Topic topic : topics) {
            table.row(
                    topic.name(),
                    topic.partitions(),
                    topic.replicas(),
                    topic.leaderNodeId().orElse(NONE));
        }
        return table.text();
    }

    static String describe(DescribeTopic.Response topic) {
        Table partitions =
                new Table(
                        "PARTITION",
                        "LEADER",
                        "EPOCH",
                        "REPLICAS",
                        "ISR",
                        "START",
                        "HIGH WATERMARK",
                        "END",
                        "FLUSHED",
                        "BYTES",
                        "SEGMENTS",
                        "STATE");
        topic.partitions().forEach(partition -> row(partitions, partition));
        Table configs = new Table("CONFIG", "VALUE", "SOURCE");
        topic.configs()
                .forEach(config ->
                        configs.row(config.name(), config.value().orElse(NONE), config.source()));
        return "topic %s   id %s   %s each\n\n%s\n%s"
                .formatted(
                        topic.topic(),
                        topic.topicId(),
                        count(topic.replicas(), "replica", "replicas"),
                        partitions.text(),
                        configs.text());
    }

    private static void row(Table table, DescribeTopic.Partition partition) {
        String leader = partition.leaderNodeId().orElse(NONE);
        String replicas = String.join(",", partition.replicas());
        String isr = String.join(",", partition.isr());
        if (partition.log().isEmpty()) {
            table.row(
                    partition.partition(),
                    leader,
                    partition.leaderEpoch(),
                    replicas,
                    isr,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    "no replica here");
            return;
        }
        DescribeTopic.Log log = partition.log().get();
        table.row(
                partition.partition(),
                leader,
                partition.leaderEpoch(),
                replicas,
                isr,
                log.logStartOffset(),
                log.highWatermark(),
                log.logEndOffset(),
                log.flushedOffset(),
                log.sizeBytes(),
                log.segments(),
                log.online() ? "online" : "OFFLINE: " + log.problem().orElse("unknown problem"));
    }

    private static String count(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
