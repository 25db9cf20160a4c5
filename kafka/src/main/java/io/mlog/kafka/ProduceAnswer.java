package io.mlog.kafka;

import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import io.mlog.services.ProduceCommand.PartitionBatches;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one Produce while it is put together: every partition of the request gets its entry
 * at once, refused or waiting for the record service, so that the answer has the request's order.
 * Used by one thread after the other; keeps nothing of the frame.
 */
final class ProduceAnswer {
    private static final int FIRST_WITH_TOPIC_IDS = 13;
    private static final int FIRST_WITH_LEADERS = 10;

    private final TopicService topics;
    private final BrokerAddresses addresses;
    private final Call call;
    private final ProduceResponseData response = new ProduceResponseData();
    private final List<PartitionProduceResponse> waiting = new ArrayList<>(1);
    private final short acks;

    /** The first refusal, for a client that wants no reply. */
    private @Nullable String problem;

    ProduceAnswer(short acks, TopicService topics, BrokerAddresses addresses, Call call) {
        this.acks = acks;
        this.topics = topics;
        this.addresses = addresses;
        this.call = call;
    }

    /** Opens an entry for every partition; what is not refused here is in the command. */
    ProduceCommand command(ProduceRequest request, KafkaLimits limits) {
        Optional<Refusal> refusal = refusal(request);
        List<PartitionBatches> batches = new ArrayList<>(1);
        TopicProduceResponseCollection entries =
                new TopicProduceResponseCollection(request.topics().size());
        for (TopicProduceData topic : request.topics()) {
            List<PartitionProduceResponse> partitions =
                    new ArrayList<>(topic.partitionData().size());
            entries.add(
                    new HashedByIdentity.ProducedTopic()
                            .setName(topic.name())
                            .setTopicId(topic.topicId())
                            .setPartitionResponses(partitions));
            Optional<String> name = name(topic);
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceResponse entry =
                        new PartitionProduceResponse().setIndex(partition.index());
                partitions.add(entry);
                Optional<Refusal> refused =
                        refusal.isPresent() ? refusal : refusal(topic, name, partition);
                if (refused.isPresent()) {
                    refuse(entry, refused.get());
                } else {
                    waiting.add(entry);
                    batches.add(
                            new PartitionBatches(
                                    new TopicPartition(name.orElseThrow(), partition.index()),
                                    ((MemoryRecords) partition.records()).buffer(),
                                    limits.maxBatchesPerPartition()));
                }
            }
        }
        response.setResponses(entries);
        int timeoutMs = Math.clamp(request.timeoutMs(), 0, limits.maxProduceTimeoutMs());
        return new ProduceCommand(acks(acks).orElse(Acks.ALL), timeoutMs, batches);
    }

    /** Fills the entries that wait, in the command's order. */
    void fill(List<PartitionProduced> produced) {
        if (produced.size() != waiting.size()) {
            throw new IllegalStateException(
                    produced.size() + " results for " + waiting.size() + " partitions");
        }
        for (int i = 0; i < produced.size(); i++) {
            fill(waiting.get(i), produced.get(i));
        }
    }

    /** Answers the call as the client's acks demand. */
    void send() {
        if (acks != 0) {
            call.reply(response);
        } else if (problem == null) {
            call.nothing();
        } else {
            call.close(
                    "produce with acks=0 failed, which only a closed connection can tell: "
                            + problem);
        }
    }

    private static Optional<Acks> acks(short acks) {
        return switch (acks) {
            case -1 -> Optional.of(Acks.ALL);
            case 0 -> Optional.of(Acks.NONE);
            case 1 -> Optional.of(Acks.LEADER);
            default -> Optional.empty();
        };
    }

    private static Optional<Refusal> refusal(ProduceRequest request) {
        if (acks(request.acks()).isEmpty()) {
            return Optional.of(
                    new Refusal(
                            ErrorCode.INVALID_REQUIRED_ACKS,
                            "acks is " + request.acks() + "; it can be 0, 1 or -1 (all)"));
        }
        if (request.transactionalId() != null) {
            return Optional.of(
                    new Refusal(
                            ErrorCode.UNSUPPORTED_VERSION,
                            "transactions are not offered; produce without transactional.id"));
        }
        return Optional.empty();
    }

    private Optional<Refusal> refusal(
            TopicProduceData topic, Optional<String> name, PartitionProduceData partition) {
        if (name.isEmpty()) {
            return Optional.of(
                    new Refusal(
                            ErrorCode.UNKNOWN_TOPIC_ID,
                            "no topic has the id " + topic.topicId() + "; ask for metadata again"));
        }
        if (partition.index() < 0) {
            return Optional.of(
                    new Refusal(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            "partition " + partition.index() + " is negative"));
        }
        return BatchRules.broken(partition, call.version());
    }

    private Optional<String> name(TopicProduceData topic) {
        return call.version() < FIRST_WITH_TOPIC_IDS
                ? Optional.of(topic.name())
                : topics.metadata().topic(TopicIds.of(topic.topicId())).map(TopicImage::name);
    }

    private void refuse(PartitionProduceResponse entry, Refusal refusal) {
        entry.setErrorCode(refusal.code()).setErrorMessage(refusal.message()).setBaseOffset(-1);
        remember("partition " + entry.index() + ": " + refusal.message());
    }

    private void fill(PartitionProduceResponse entry, PartitionProduced result) {
        entry.setErrorCode(KafkaErrors.toClients(result.error()))
                .setErrorMessage(result.message())
                .setBaseOffset(result.baseOffset())
                .setLogAppendTimeMs(result.logAppendTimeMs())
                .setLogStartOffset(result.logStartOffset());
        if (result.error() != ErrorCode.NONE) {
            remember(result.partition() + ": " + result.error() + ": " + result.message());
        }
        if (result.error() == ErrorCode.NOT_LEADER) {
            topics.metadata()
                    .partition(result.partition())
                    .ifPresent(known -> showElsewhere(entry, known));
        }
    }

    private void remember(String refusal) {
        if (problem == null) {
            problem = refusal;
        }
    }

    /**
     * Tells the client who leads, which saves it a Metadata request (KIP-951). A broker that
     * refuses although it is the leader that it knows of is cut off from the others, and its
     * metadata would lead the client here again and again: it ends the connection, so that the
     * client asks somebody else.
     */
    private void showElsewhere(PartitionProduceResponse entry, PartitionImage known) {
        if (addresses.isSelf(known.leader())) {
            call.connection().endAfterReply();
        } else if (call.version() >= FIRST_WITH_LEADERS) {
            tellLeader(entry, known);
        }
    }

    private void tellLeader(PartitionProduceResponse entry, PartitionImage known) {
        int leader = known.leader();
        entry.setCurrentLeader(
                new LeaderIdAndEpoch().setLeaderId(leader).setLeaderEpoch(known.leaderEpoch()));
        if (response.nodeEndpoints().find(leader) == null) {
            addresses
                    .byId(leader, topics.metadata(), call.connection())
                    .ifPresent(node -> response.nodeEndpoints().add(endpoint(node)));
        }
    }

    private static NodeEndpoint endpoint(BrokerAddresses.Node node) {
        return new NodeEndpoint()
                .setNodeId(node.id())
                .setHost(node.address().host())
                .setPort(node.address().port())
                .setRack(node.rack());
    }
}
