package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import io.mlog.services.FetchCommand;
import io.mlog.services.FetchCommand.PartitionFetch;
import io.mlog.services.PartitionFetched;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one Fetch while it is put together: every partition that is wanted gets its entry
 * at once, refused or waiting for the record service, so that the answer has their order. Used by
 * one thread after the other. Owns the slices from {@link #fillAndSend} on until the reply is
 * handed over.
 */
final class FetchAnswer {
    private static final int FIRST_WITH_LEADERS = 12;
    private static final int FIRST_WITH_TOPIC_IDS = 13;
    private static final int FIRST_WITH_ENDPOINTS = 16;
    private static final byte READ_COMMITTED = 1;

    private final FetchTurn.Served turn;
    private final TopicService topics;
    private final NearbyReplicas nearby;
    private final BrokerAddresses addresses;
    private final Call call;
    private final FetchResponseData response = new FetchResponseData();

    /** One for each wish. */
    private final List<PartitionData> entries;

    private final List<PartitionData> waiting = new ArrayList<>();

    FetchAnswer(
            FetchTurn.Served turn,
            TopicService topics,
            NearbyReplicas nearby,
            BrokerAddresses addresses,
            Call call) {
        this.turn = turn;
        this.entries = new ArrayList<>(turn.wishes().size());
        this.topics = topics;
        this.nearby = nearby;
        this.addresses = addresses;
        this.call = call;
    }

    /** Opens an entry for every wish; what is not refused here is in the command. */
    FetchCommand command(FetchRequestData request, KafkaLimits limits) {
        MetadataImage image = topics.metadata();
        List<PartitionFetch> wanted = new ArrayList<>(turn.wishes().size());
        for (FetchWish wish : turn.wishes()) {
            PartitionData entry = entry(wish, request.isolationLevel());
            entries.add(entry);
            Optional<String> name = name(wish.key(), image);
            if (name.isEmpty()) {
                entry.setErrorCode(ErrorCode.UNKNOWN_TOPIC_ID.kafkaCode());
            } else if (wish.key().partition() < 0) {
                entry.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.kafkaCode());
            } else {
                PartitionFetch named = wish.named(name.get());
                if (!sentAway(request.rackId(), named, entry)) {
                    waiting.add(entry);
                    wanted.add(named);
                }
            }
        }
        boolean waits = wanted.size() == entries.size() && request.minBytes() > 0;
        return new FetchCommand(
                NearbyReplicas.tellsRack(request),
                waits ? Math.clamp(request.maxWaitMs(), 0, limits.maxFetchWaitMs()) : 0,
                Math.clamp(request.minBytes(), 0, limits.maxFetchBytes()),
                Math.clamp(request.maxBytes(), 0, limits.maxFetchBytes()),
                wanted);
    }

    /** Fills the entries that wait, in the command's order, and answers. */
    void fillAndSend(List<PartitionFetched> fetched) {
        KafkaReply reply;
        try {
            fill(fetched);
            if (!tell()) {
                reply = call.encode(overtaken());
                fetched.forEach(partition -> partition.records().release());
                call.deliver(reply);
                return;
            }
            nearby.served(fetched);
            reply = call.encode(response);
        } catch (RuntimeException e) {
            fetched.forEach(partition -> partition.records().release());
            throw e;
        }
        fetched.stream()
                .map(PartitionFetched::records)
                .filter(slice -> slice.sizeBytes() == 0)
                .forEach(RecordsSlice::release);
        call.deliver(reply);
    }

    /** Answers when nothing had to be read. */
    void send() {
        call.reply(tell() ? response : overtaken());
    }

    /** Puts what is to be told into the response; false when the session has gone on without it. */
    private boolean tell() {
        Optional<BitSet> told =
                switch (turn) {
                    case FetchTurn.Whole whole -> Optional.of(all());
                    case FetchTurn.InSession inSession -> {
                        response.setSessionId(inSession.session().id());
                        yield inSession.session().told(inSession, entries);
                    }
                };
        told.ifPresent(this::tell);
        return told.isPresent();
    }

    private BitSet all() {
        BitSet all = new BitSet(entries.size());
        all.set(0, entries.size());
        return all;
    }

    /** Entries of one topic that follow each other share the topic's. */
    private void tell(BitSet told) {
        List<FetchableTopicResponse> topicEntries = new ArrayList<>();
        FetchWish.@Nullable Key last = null;
        for (int i = told.nextSetBit(0); i >= 0; i = told.nextSetBit(i + 1)) {
            FetchWish.Key key = turn.wishes().get(i).key();
            if (last == null || !key.isOfSameTopic(last)) {
                topicEntries.add(
                        new FetchableTopicResponse()
                                .setTopic(key.topic())
                                .setTopicId(key.topicId())
                                .setPartitions(new ArrayList<>()));
                last = key;
            }
            topicEntries.getLast().partitions().add(entries.get(i));
        }
        response.setResponses(topicEntries);
    }

    private static FetchResponseData overtaken() {
        return new FetchResponseData()
                .setErrorCode(ErrorCode.INVALID_FETCH_SESSION_EPOCH.kafkaCode());
    }

    /** Whether the consumer is to read the partition from a replica that is nearer (KIP-392). */
    private boolean sentAway(String rack, PartitionFetch wanted, PartitionData entry) {
        Optional<Integer> replica = nearby.better(rack, wanted);
        replica.ifPresent(entry::setPreferredReadReplica);
        return replica.isPresent();
    }

    private Optional<String> name(FetchWish.Key key, MetadataImage image) {
        return call.version() < FIRST_WITH_TOPIC_IDS
                ? Optional.of(key.topic())
                : image.topic(TopicIds.of(key.topicId())).map(TopicImage::name);
    }

    private static PartitionData entry(FetchWish wish, byte isolationLevel) {
        return new PartitionData()
                .setPartitionIndex(wish.key().partition())
                .setHighWatermark(-1)
                .setAbortedTransactions(isolationLevel == READ_COMMITTED ? List.of() : null)
                .setRecords(MemoryRecords.EMPTY);
    }

    private void fill(List<PartitionFetched> fetched) {
        if (fetched.size() != waiting.size()) {
            throw new IllegalStateException(
                    fetched.size() + " results for " + waiting.size() + " partitions");
        }
        for (int i = 0; i < fetched.size(); i++) {
            fill(waiting.get(i), fetched.get(i));
        }
    }

    private void fill(PartitionData entry, PartitionFetched result) {
        entry.setErrorCode(KafkaErrors.toClients(result.error()))
                .setHighWatermark(result.highWatermark())
                .setLastStableOffset(result.lastStableOffset())
                .setLogStartOffset(result.logStartOffset())
                .setRecords(records(result.records()));
        boolean staleLeader =
                result.error() == ErrorCode.NOT_LEADER
                        || result.error() == ErrorCode.FENCED_LEADER_EPOCH;
        if (staleLeader && call.version() >= FIRST_WITH_LEADERS) {
            tellLeader(entry, result.partition());
        }
    }

    private static BaseRecords records(RecordsSlice slice) {
        return slice.sizeBytes() == 0 ? MemoryRecords.EMPTY : new SliceRecords(slice);
    }

    /** Saves the client a Metadata request (KIP-951). */
    private void tellLeader(PartitionData entry, TopicPartition partition) {
        MetadataImage image = topics.metadata();
        Optional<PartitionImage> known = image.partition(partition);
        if (known.isEmpty()) {
            return;
        }
        int leader = known.get().leader();
        entry.setCurrentLeader(
                new LeaderIdAndEpoch()
                        .setLeaderId(leader)
                        .setLeaderEpoch(known.get().leaderEpoch()));
        if (call.version() >= FIRST_WITH_ENDPOINTS
                && response.nodeEndpoints().find(leader) == null) {
            addresses
                    .byId(leader, image, call.connection())
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
