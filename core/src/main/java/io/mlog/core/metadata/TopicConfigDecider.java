package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.MetadataCommand.ReplaceTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.core.metadata.MetadataRecord.ConfigChanged;
import io.mlog.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides what topics are configured to. */
final class TopicConfigDecider {
    private TopicConfigDecider() {}

    static Decision edit(MetadataImage image, SetTopicConfigs command) {
        TopicImage topic = TopicDecider.existing(image, command.topic());
        return change(image, topic, TopicConfigs.edited(topic.configs(), command.edits()));
    }

    static Decision replace(MetadataImage image, ReplaceTopicConfigs command) {
        return change(image, TopicDecider.existing(image, command.topic()), command.configs());
    }

    /** The configs in their one spelling, when they fit each other and the topic. */
    static Map<String, String> checked(Map<String, String> configs, int replicationFactor) {
        Map<String, String> checked = TopicConfigs.check(configs);
        String minIsr = checked.get(TopicConfigs.MIN_INSYNC_REPLICAS);
        if (minIsr != null && Integer.parseInt(minIsr) > replicationFactor) {
            throw refuse(
                    ErrorCode.INVALID_CONFIG,
                    ("min.insync.replicas is %s and the topic has %d replicas: no acks=all record"
                                    + " would ever be accepted")
                            .formatted(minIsr, replicationFactor));
        }
        checkLags(checked);
        return checked;
    }

    private static void checkLags(Map<String, String> configs) {
        String least = configs.get(TopicConfigs.MIN_COMPACTION_LAG_MS);
        String most = configs.get(TopicConfigs.MAX_COMPACTION_LAG_MS);
        if (least != null && most != null && Long.parseLong(least) > Long.parseLong(most)) {
            throw refuse(
                    ErrorCode.INVALID_CONFIG,
                    "min.compaction.lag.ms is %s, more than max.compaction.lag.ms %s"
                            .formatted(least, most));
        }
    }

    private static Decision change(
            MetadataImage image, TopicImage topic, Map<String, String> wished) {
        Map<String, String> before = new TreeMap<>(topic.configs());
        Map<String, String> after = checked(wished, fewestReplicas(topic));
        List<MetadataRecord> records = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String value = after.get(name);
            if (value == null || !value.equals(before.get(name))) {
                records.add(new ConfigChanged(topic.name(), name, value));
            }
        }
        if ("true".equals(after.get(TopicConfigs.UNCLEAN_LEADER_ELECTION))) {
            electWhereNobodyLeads(image, topic, records);
        }
        return Decision.acceptTopic(topic.name(), records);
    }

    /**
     * Of a partition that is being reassigned those count that it has before or will have after.
     */
    private static int fewestReplicas(TopicImage topic) {
        int fewest = MetadataLimits.REPLICAS_OF_PARTITION;
        for (PartitionImage partition : topic.partitions()) {
            int after = partition.replicas().size() - partition.removingReplicas().size();
            fewest = Math.min(fewest, Math.min(partition.replicationFactor(), after));
        }
        return fewest;
    }

    private static void electWhereNobodyLeads(
            MetadataImage image, TopicImage topic, List<MetadataRecord> records) {
        LiveBrokers live = new LiveBrokers(image);
        for (PartitionImage partition : topic.partitions()) {
            if (!partition.hasLeader()) {
                PartitionDraft draft = new PartitionDraft(topic, partition);
                draft.electUncleanly(live);
                draft.addRecords(records);
            }
        }
    }
}
