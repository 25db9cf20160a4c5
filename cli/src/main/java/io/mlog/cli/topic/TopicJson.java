package io.mlog.cli.topic;

import io.mlog.cli.terminal.JsonText;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ListTopics;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is said about topics to scripts: the fields of the JSON RPC under their names there. */
final class TopicJson {
    private TopicJson() {}

    static String of(ListTopics.Topic topic) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", topic.name());
        object.put("topicId", topic.topicId());
        object.put("partitions", topic.partitions());
        object.put("replicas", topic.replicas());
        object.put("leaderNodeId", topic.leaderNodeId());
        return JsonText.of(object);
    }

    static String of(ListReassignments.Move move) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", move.topic());
        object.put("partition", move.partition());
        object.put("replicas", move.replicas());
        object.put("isr", move.isr());
        object.put("adding", move.adding());
        object.put("removing", move.removing());
        return JsonText.of(object);
    }

    static String of(DescribeTopic.Response topic) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", topic.topic());
        object.put("topicId", topic.topicId());
        object.put("replicas", topic.replicas());
        object.put("partitions", topic.partitions().stream().map(TopicJson::partition).toList());
        object.put("configs", topic.configs().stream().map(TopicJson::config).toList());
        return JsonText.of(object);
    }

    private static Map<String, Object> config(DescribeTopic.Config config) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", config.name());
        object.put("value", config.value());
        object.put("source", config.source());
        return object;
    }

    private static Map<String, Object> partition(DescribeTopic.Partition partition) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("partition", partition.partition());
        object.put("leaderNodeId", partition.leaderNodeId());
        object.put("leaderAddr", partition.leaderAddr());
        object.put("leaderEpoch", partition.leaderEpoch());
        object.put("replicas", partition.replicas());
        object.put("isr", partition.isr());
        object.put("log", partition.log().map(TopicJson::log));
        return object;
    }

    private static Map<String, Object> log(DescribeTopic.Log log) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("logStartOffset", log.logStartOffset());
        object.put("highWatermark", log.highWatermark());
        object.put("logEndOffset", log.logEndOffset());
        object.put("flushedOffset", log.flushedOffset());
        object.put("sizeBytes", log.sizeBytes());
        object.put("segments", log.segments());
        object.put("followers", log.followers().stream().map(TopicJson::follower).toList());
        object.put("online", log.online());
        object.put("problem", log.problem());
        object.put(
                "refusals",
                log.refusals().stream()
                        .map(each ->
                                Map.of(
                                        "code", each.code(),
                                        "count", each.count(),
                                        "lastMs", each.lastMs(),
                                        "message", each.message()))
                        .toList());
        return object;
    }

    private static Map<String, Object> follower(DescribeTopic.Follower follower) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("nodeId", follower.nodeId());
        object.put("inSync", follower.inSync());
        object.put("lag", follower.lag());
        object.put("sinceCurrentMs", follower.sinceCurrentMs());
        return object;
    }
}
