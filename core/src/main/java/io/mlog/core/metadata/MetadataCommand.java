package io.mlog.core.metadata;

import io.mlog.core.replication.IsrProposal;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wish that goes through the metadata log and is decided by {@link MetadataMachine} when it is
 * applied. Whatever a decision needs beyond the image travels here: the time, random bits, new ids.
 *
 * <p>{@link CommandCodec} gives every command a number that is never used for another.
 */
public sealed interface MetadataCommand {
    /**
     * Founds the cluster. Once; the same id again changes nothing.
     *
     * @param clusterId random, permanent
     * @param level which generation of decision code all nodes are to run
     */
    record CreateCluster(String clusterId, int level) implements MetadataCommand {
        /** With the newest decision code that this build knows. */
        public CreateCluster(String clusterId) {
            this(clusterId, MetadataMachine.LEVEL);
        }
    }

    /**
     * Announces a start of a broker's process. The broker acts on nothing before the image holds
     * this boot epoch. The node's earlier boot is fenced by it, so that no leader epoch is ever led
     * by two boots; this boot stays fenced, leading nothing and in sync nowhere but where it is the
     * last in-sync replica, until {@link UnfenceBroker}.
     *
     * @param nodeId the operator's name for the node; a new one gets the next broker id
     * @param directoryId random name of its data directory. Another one than before is another
     *     disk: what this node was in sync with is not on it.
     * @param bootEpoch higher than that of every earlier start of the node
     * @param clientAddress what clients are told; null: each the address it came by
     * @param rpcAddress where other brokers reach it
     * @param raftAddress where its Raft transport listens
     * @param rack null for none
     */
    record RegisterBroker(
            String nodeId,
            String directoryId,
            long bootEpoch,
            @Nullable HostPort clientAddress,
            HostPort rpcAddress,
            HostPort raftAddress,
            @Nullable String rack,
            String version)
            implements MetadataCommand {}

    /**
     * Lets a registered broker lead. It gets the partitions that wait for it: those without a
     * leader in whose ISR it is.
     *
     * @param bootEpoch of the boot that asks; another one is refused
     * @param suspects replicas of it whose log ends below what was once known to be there (stored
     *     high watermark or recovery point): they leave the ISR first, except where they are all of
     *     it
     */
    record UnfenceBroker(int brokerId, long bootEpoch, List<TopicIdPartition> suspects)
            implements MetadataCommand {
        public UnfenceBroker {
            suspects = List.copyOf(suspects);
        }
    }

    /**
     * Takes a broker for gone: it leaves every ISR but those it is all of, and leads nothing.
     *
     * @param bootEpoch of the boot that is gone; another one is refused
     */
    record FenceBroker(int brokerId, long bootEpoch) implements MetadataCommand {}

    /**
     * Moves what a broker leads to others and takes it out of the in-sync replicas, where others
     * are in sync. Repeated until nothing is left to move; the answer is {@link
     * CommandResult.Outcome.LeadershipsLeft}. This boot gets no leadership and no replica any more.
     */
    record BeginShutdown(int brokerId, long bootEpoch) implements MetadataCommand {}

    /** Forgets a fenced broker that holds no replica. Its number is not given again. */
    record UnregisterBroker(int brokerId) implements MetadataCommand {}

    /**
     * Changes in-sync replicas, asked for by the leader of the partitions: each a compare-and-set
     * with a result of its own, {@link CommandResult.Outcome.PartitionResults} in this order. Every
     * change that holds raises the partition epoch, also one to the ISR that is there: so a
     * proposal is withdrawn. A leader that wishes an ISR of some of the others in it, without
     * itself, gives the leadership up to one of them.
     *
     * @param leaderId who leads the partitions
     * @param bootEpoch of the leader's boot
     * @param changes 1 to {@link MetadataLimits#CHANGES_AT_ONCE}, each of another partition
     */
    record ChangePartitions(int leaderId, long bootEpoch, List<IsrChange> changes)
            implements MetadataCommand {
        public ChangePartitions {
            changes = List.copyOf(changes);
        }
    }

    /** The ISR that the leader of a partition wishes for; its members may be in any order. */
    record IsrChange(TopicIdPartition partition, IsrProposal proposal) {}

    /**
     * Elects leaders. The answer is {@link CommandResult.Outcome.PartitionResults}: for each
     * partition of {@code partitions} in this order, or for those that changed.
     *
     * @param partitions at most {@link MetadataLimits#CHANGES_AT_ONCE}; empty for all
     * @param atMost when {@code partitions} is empty: how many are changed by this command, 1 to
     *     {@link MetadataLimits#CHANGES_AT_ONCE}
     */
    record ElectLeaders(Election election, List<TopicPartition> partitions, int atMost)
            implements MetadataCommand {
        public ElectLeaders {
            partitions = List.copyOf(partitions);
        }
    }

    /** Whom an election prefers. */
    enum Election {
        /** The first replica, when it is in sync. */
        PREFERRED,
        /**
         * Any live replica of a partition that has no leader: records that only others have are
         * lost. Asking for it is enough, whatever the topic's configuration says.
         */
        UNCLEAN
    }

    /**
     * Moves partitions to other brokers: the new replicas join, and once they are in sync the old
     * ones go. The answer is {@link CommandResult.Outcome.PartitionResults} in this order.
     *
     * @param reassignments 1 to {@link MetadataLimits#CHANGES_AT_ONCE}, each of another partition
     */
    record ReassignPartitions(List<Reassignment> reassignments) implements MetadataCommand {
        public ReassignPartitions {
            reassignments = List.copyOf(reassignments);
        }
    }

    /**
     * A wish for a partition's replicas.
     *
     * @param replicas broker ids, the preferred leader first; empty to stay with those from before
     *     the reassignment that is under way
     */
    record Reassignment(TopicPartition partition, List<Integer> replicas) {
        public Reassignment {
            replicas = List.copyOf(replicas);
        }
    }

    /**
     * Creates a topic.
     *
     * @param topicId random; must not be in use
     * @param partitions 1 to {@link MetadataLimits#PARTITIONS_OF_TOPIC}, or {@link #DEFAULT}
     * @param replicas copies of each partition, the leader's included, or {@link #DEFAULT}
     * @param assignments broker ids by partition, the preferred leader first; empty to let the
     *     machine place them. With assignments, {@code partitions} and {@code replicas} are {@link
     *     #DEFAULT} or agree with them.
     * @param configs see {@link TopicConfigs}
     */
    record CreateTopic(
            String name,
            TopicId topicId,
            int partitions,
            int replicas,
            List<List<Integer>> assignments,
            Map<String, String> configs)
            implements MetadataCommand {
        public CreateTopic {
            assignments = assignments.stream().map(List::copyOf).toList();
            configs = Map.copyOf(configs);
        }
    }

    /**
     * Deletes a topic; its name is free at once.
     *
     * @param expectedId refuses when the name belongs to another topic by now; {@link TopicId#ZERO}
     *     deletes whichever has the name
     */
    record DeleteTopic(String name, TopicId expectedId) implements MetadataCommand {}

    /**
     * Raises a topic's number of partitions.
     *
     * @param total number of partitions afterwards
     * @param assignments broker ids of the new partitions, empty to let the machine place them
     */
    record CreatePartitions(String topic, int total, List<List<Integer>> assignments)
            implements MetadataCommand {
        public CreatePartitions {
            assignments = assignments.stream().map(List::copyOf).toList();
        }
    }

    /** Edits a topic's configuration, in the order given; all of it or nothing. */
    record SetTopicConfigs(String topic, List<ConfigEdit> edits) implements MetadataCommand {
        public SetTopicConfigs {
            edits = List.copyOf(edits);
        }
    }

    /** Makes {@code configs} all that is set for the topic. */
    record ReplaceTopicConfigs(String topic, Map<String, String> configs)
            implements MetadataCommand {
        public ReplaceTopicConfigs {
            configs = Map.copyOf(configs);
        }
    }

    /**
     * Reserves producer ids that nobody was given before.
     *
     * @param count 1 to {@link MetadataLimits#PRODUCER_IDS_AT_ONCE}
     */
    record AllocateProducerIds(int count) implements MetadataCommand {}

    /**
     * What earlier builds have written and nobody does any more: refused, and without effect on the
     * image.
     *
     * @param number of the command
     */
    record Retired(int number) implements MetadataCommand {}

    /**
     * Tells every node what the image hashed to after the {@code commandCount}-th command, as the
     * leader computed it. A node that computed another has diverged and stops.
     */
    record CompareImage(long commandCount, long imageHash) implements MetadataCommand {}

    /** In place of a number: the cluster's default. */
    int DEFAULT = -1;
}
