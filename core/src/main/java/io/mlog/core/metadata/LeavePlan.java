package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import java.util.List;

/**
 * Decides the next step of taking a broker out of the cluster for good, dead or alive. All that was
 * done so far stands in the metadata, so that whoever asks next, on any node, goes on from there.
 *
 * <table>
 * <caption>What is done, the first that applies</caption>
 * <tr><td>the node is not registered</td><td>{@link Step.Gone}</td></tr>
 * <tr><td>no other broker is in service, or the only in-sync copy of a partition is on this one and
 *     out of reach</td><td>refused</td></tr>
 * <tr><td>it has replicas</td><td>{@link Step.Move}: they go to others, which copy while it still
 *     serves</td></tr>
 * <tr><td>some are still on their way</td><td>{@link Step.Await}</td></tr>
 * <tr><td>it may still be given new ones</td><td>{@link Step.Shutdown}</td></tr>
 * <tr><td>it is not fenced</td><td>{@link Step.Fence}</td></tr>
 * <tr><td>else</td><td>{@link Step.Forget}</td></tr>
 * </table>
 *
 * <p>Its place in the metadata quorum is taken from it afterwards, see {@link VoterPlan}.
 */
public final class LeavePlan {
    private static final int MOVES_AT_ONCE = 1000;

    private LeavePlan() {}

    /** What to do. */
    public sealed interface Step {
        /** Give these partitions other replicas. */
        record Move(List<Reassignment> moves) implements Step {
            public Move {
                moves = List.copyOf(moves);
            }
        }

        /**
         * Wait for replicas that are on their way.
         *
         * @param partitions how many still have one on the broker
         */
        record Await(int partitions) implements Step {}

        /** Have the broker given nothing any more. */
        record Shutdown(int brokerId, long bootEpoch) implements Step {}

        /** Have it taken for gone. */
        record Fence(int brokerId, long bootEpoch) implements Step {}

        /** Forget it. */
        record Forget(int brokerId) implements Step {}

        /** Nothing: the metadata does not know it. */
        record Gone() implements Step {}
    }

    /**
     * The next step.
     *
     * @param fewerReplicas whether a partition may have fewer replicas afterwards, where there is
     *     no other broker for one
     * @throws MlogException when the broker cannot be taken out; the message says what to do
     */
    public static Step next(MetadataImage image, String nodeId, boolean fewerReplicas) {
        BrokerImage broker = image.broker(nodeId).orElse(null);
        if (broker == null) {
            return new Step.Gone();
        }
        checkOthersServe(image, broker);
        checkNothingIsLost(image, broker);
        List<Reassignment> moves = moves(image, broker, fewerReplicas);
        if (!moves.isEmpty()) {
            return new Step.Move(moves);
        }
        int left = partitionsOn(image, broker.id());
        if (left > 0) {
            return new Step.Await(left);
        }
        if (broker.active()) {
            return new Step.Shutdown(broker.id(), broker.bootEpoch());
        }
        return broker.fenced()
                ? new Step.Forget(broker.id())
                : new Step.Fence(broker.id(), broker.bootEpoch());
    }

    private static void checkOthersServe(MetadataImage image, BrokerImage broker) {
        boolean alone =
                image.brokers().values().stream()
                        .noneMatch(other -> other.id() != broker.id() && other.active());
        if (alone) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "no other broker is in service: node %s is all that is left of the cluster"
                            .formatted(broker.nodeId()));
        }
    }

    private static void checkNothingIsLost(MetadataImage image, BrokerImage broker) {
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (!partition.hasLeader() && partition.isr().equals(List.of(broker.id()))) {
                    throw new MlogException(
                            ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                            "the only in-sync copy of %s is on node %s, which does not serve it: start that node, or give the copy up by an unclean election"
                                    .formatted(
                                            new TopicPartition(topic.name(), partition.partition()),
                                            broker.nodeId()));
                }
            }
        }
    }

    private static List<Reassignment> moves(
            MetadataImage image, BrokerImage broker, boolean fewerReplicas) {
        try {
            return new ReplicaMoves(image).away(broker.id(), fewerReplicas, MOVES_AT_ONCE);
        } catch (MlogException refusal) {
            throw new MlogException(
                    refusal.code(),
                    "%s: add a node, lower the topic's replicas first, or allow fewer replicas"
                            .formatted(refusal.reason()));
        }
    }

    private static int partitionsOn(MetadataImage image, int broker) {
        int count = 0;
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                count += partition.replicas().contains(broker) ? 1 : 0;
            }
        }
        return count;
    }
}
