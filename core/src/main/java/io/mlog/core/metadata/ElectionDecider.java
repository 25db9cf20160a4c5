package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.util.HashSet;
import java.util.Set;

/** Decides elections that somebody asked for. */
final class ElectionDecider {
    private ElectionDecider() {}

    static Decision elect(MetadataImage image, ElectLeaders command) {
        return command.partitions().isEmpty()
                ? electAny(image, command)
                : electGiven(image, command);
    }

    private static Decision electGiven(MetadataImage image, ElectLeaders command) {
        PartitionBatch.checkSize(command.partitions().size());
        LiveBrokers live = new LiveBrokers(image);
        Set<TopicPartition> seen = new HashSet<>();
        PartitionResultsDraft results = new PartitionResultsDraft();
        for (TopicPartition name : command.partitions()) {
            results.add(() -> {
                TopicImage topic = TopicDecider.existing(image, name.topic());
                PartitionImage partition = PartitionBatch.partitionOf(topic, name.partition());
                if (!seen.add(name)) {
                    throw PartitionBatch.namedTwice(topic, name.partition());
                }
                PartitionDraft draft = new PartitionDraft(topic, partition);
                elect(command.election(), draft, live);
                return draft;
            });
        }
        return results.decision();
    }

    private static Decision electAny(MetadataImage image, ElectLeaders command) {
        PartitionBatch.checkSize(command.atMost());
        LiveBrokers live = new LiveBrokers(image);
        PartitionResultsDraft results = new PartitionResultsDraft();
        int changed = 0;
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (changed < command.atMost() && isDue(command.election(), partition, live)) {
                    PartitionDraft draft = new PartitionDraft(topic, partition);
                    elect(command.election(), draft, live);
                    results.add(draft);
                    changed++;
                }
            }
        }
        return results.decision();
    }

    private static boolean isDue(Election election, PartitionImage partition, LiveBrokers live) {
        return switch (election) {
            case PREFERRED -> {
                int preferred = partition.replicas().getFirst();
                yield partition.hasLeader()
                        && partition.leader() != preferred
                        && partition.isr().contains(preferred)
                        && live.isActive(preferred);
            }
            case UNCLEAN ->
                    !partition.hasLeader()
                            && partition.replicas().stream().anyMatch(live::isActive);
        };
    }

    private static void elect(Election election, PartitionDraft draft, LiveBrokers live) {
        switch (election) {
            case PREFERRED -> electPreferred(draft, live);
            case UNCLEAN -> electUncleanly(draft, live);
        }
    }

    private static void electPreferred(PartitionDraft draft, LiveBrokers live) {
        PartitionImage partition = draft.before();
        int preferred = partition.replicas().getFirst();
        if (partition.leader() == preferred) {
            throw refuse(
                    ErrorCode.ELECTION_NOT_NEEDED,
                    "%s is led by its first replica, broker %d, already"
                            .formatted(draft.name(), preferred));
        }
        if (!isDue(Election.PREFERRED, partition, live)) {
            throw refuse(
                    ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                    "the first replica of %s, broker %d, is %s; in sync are %s"
                            .formatted(
                                    draft.name(),
                                    preferred,
                                    live.isActive(preferred)
                                            ? "not in sync"
                                            : "fenced or shutting down",
                                    partition.isr()));
        }
        draft.lead(preferred);
    }

    private static void electUncleanly(PartitionDraft draft, LiveBrokers live) {
        PartitionImage partition = draft.before();
        if (partition.hasLeader()) {
            throw refuse(
                    ErrorCode.ELECTION_NOT_NEEDED,
                    "%s is led by broker %d".formatted(draft.name(), partition.leader()));
        }
        if (!isDue(Election.UNCLEAN, partition, live)) {
            throw refuse(
                    ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                    "none of the replicas %s of %s is alive"
                            .formatted(partition.replicas(), draft.name()));
        }
        draft.electUncleanly(live);
    }
}
