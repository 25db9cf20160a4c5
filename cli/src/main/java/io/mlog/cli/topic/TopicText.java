package io.mlog.cli.topic;

import io.mlog.cli.terminal.Table;
import io.mlog.protocol.AlterTopic;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ElectLeaders;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.ReassignPartitions;
import io.mlog.protocol.Refusal;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
                        "LAG",
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

    static String moved(ReassignPartitions.Moved moved) {
        String replicas = "replicas " + String.join(",", moved.replicas());
        return moved.underWay()
                ? "%s   adding %s   removing %s"
                        .formatted(replicas, names(moved.adding()), names(moved.removing()))
                : replicas;
    }

    static String moves(List<ListReassignments.Move> moves) {
        if (moves.isEmpty()) {
            return "no partition is moving\n";
        }
        Table table = new Table("TOPIC", "PARTITION", "REPLICAS", "ISR", "ADDING", "REMOVING");
        for (ListReassignments.Move move : moves) {
            table.row(
                    move.topic(),
                    move.partition(),
                    names(move.replicas()),
                    names(move.isr()),
                    names(move.adding()),
                    names(move.removing()));
        }
        return table.text();
    }

    static String elected(ElectLeaders.Elected partition) {
        return "%s-%d: %s"
                .formatted(
                        partition.topic(),
                        partition.partition(),
                        partition
                                .error()
                                .map(Refusal::message)
                                .orElseGet(() ->
                                        partition
                                                .leaderNodeId()
                                                .map(node -> node + " leads now")
                                                .orElse("nobody leads")));
    }

    private static String lag(List<DescribeTopic.Follower> followers) {
        return followers.isEmpty()
                ? NONE
                : followers.stream()
                        .map(each -> each.nodeId() + ":" + each.lag())
                        .collect(Collectors.joining(","));
    }

    private static String names(List<String> nodes) {
        return nodes.isEmpty() ? NONE : String.join(",", nodes);
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
                lag(log.followers()),
                state(log));
    }

    private static String state(DescribeTopic.Log log) {
        return log.online()
                ? log.problem().map(problem -> "online, " + problem).orElse("online")
                : "OFFLINE: " + log.problem().orElse("unknown problem");
    }

    private static String count(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
