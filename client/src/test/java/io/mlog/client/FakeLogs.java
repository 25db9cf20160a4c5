package io.mlog.client;

import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DeleteTopic;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.FetchOffset;
import io.mlog.protocol.FetchedRecord;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.ListOffsets;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.ProducerStamp;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Topics in memory with the rules of the real ones as far as a client can see them: offsets,
 * sequences of idempotent producers (five batches are remembered), committed offsets. Timestamps
 * are 1000 + offset. Any thread.
 */
final class FakeLogs {
    private static final int REMEMBERED = 5;

    private final Map<TopicPartition, Log> logs = new HashMap<>();
    private final Map<String, Integer> partitions = new TreeMap<>();
    private final Map<TopicPartition, HostPort> leaders = new HashMap<>();
    private final Map<String, Long> committed = new HashMap<>();
    private long nextProducerId = 1000;

    private static final class Log {
        private final List<NewRecord> records = new ArrayList<>();
        private long start;
        private final Map<Long, List<Batch>> producers = new HashMap<>();
    }

    private record Batch(int sequence, int count, long baseOffset) {}

    synchronized FakeLogs topic(String name, int count) {
        partitions.put(name, count);
        for (int i = 0; i < count; i++) {
            logs.put(new TopicPartition(name, i), new Log());
        }
        return this;
    }

    synchronized TopicPartition addPartition(String topic) {
        TopicPartition added =
                new TopicPartition(topic, partitions.merge(topic, 1, Integer::sum) - 1);
        logs.put(added, new Log());
        return added;
    }

    /** From now on the leader is there. */
    synchronized void leader(TopicPartition partition, Optional<HostPort> address) {
        address.ifPresentOrElse(at -> leaders.put(partition, at), () -> leaders.remove(partition));
    }

    synchronized void deleteBefore(TopicPartition partition, long offset) {
        log(partition).start = offset;
    }

    synchronized void append(TopicPartition partition, String... values) {
        for (String value : values) {
            log(partition).records.add(NewRecord.of(value));
        }
    }

    synchronized List<String> values(TopicPartition partition) {
        return log(partition).records.stream()
                .map(r -> Objects.requireNonNull(r.value()).utf8())
                .toList();
    }

    synchronized OptionalLong committed(String consumer, TopicPartition partition) {
        Long offset = committed.get(consumer + "/" + partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    synchronized RpcResponse leader(TopicPartition partition, HostPort self) {
        return new FindTopicLeader.Response("node", leaders.getOrDefault(partition, self));
    }

    /** Acts; empty when there is no reply. */
    synchronized Optional<RpcResponse> serve(RpcRequest<?> request, HostPort self) {
        return switch (request) {
            case ProduceBatch.Request produce -> {
                RpcResponse response = produce(produce);
                yield produce.acks() == Acks.NONE ? Optional.empty() : Optional.of(response);
            }
            case InitProducer.Request() ->
                    Optional.of(new InitProducer.Response(nextProducerId++, (short) 0));
            case DescribeTopic.Request describe -> Optional.of(describe(describe, self));
            case FetchBatch.Request fetch -> Optional.of(fetch(fetch));
            case ListOffsets.Request list -> Optional.of(listOffsets(list));
            case CommitOffset.Request commit -> {
                committed.put(
                        commit.consumerId()
                                + "/"
                                + new TopicPartition(commit.topic(), commit.partition()),
                        commit.offset());
                yield Optional.of(new CommitOffset.Response(true));
            }
            case FetchOffset.Request fetch ->
                    Optional.of(
                            new FetchOffset.Response(
                                    committed(
                                            fetch.consumerId(),
                                            new TopicPartition(fetch.topic(), fetch.partition()))));
            case ListTopics.Request() ->
                    Optional.of(
                            new ListTopics.Response(
                                    partitions.entrySet().stream()
                                            .map(topic ->
                                                    new ListTopics.Topic(
                                                            topic.getKey(),
                                                            TopicId.ZERO,
                                                            topic.getValue(),
                                                            1,
                                                            Optional.of("node")))
                                            .toList()));
            case CreateTopic.Request create -> {
                if (partitions.containsKey(create.topic())) {
                    yield Optional.of(
                            ErrorResponse.of(
                                    ErrorCode.TOPIC_ALREADY_EXISTS, create.topic() + " exists"));
                }
                topic(create.topic(), create.partitions().orElse(1));
                yield Optional.of(
                        new CreateTopic.Response(create.topic(), TopicId.ZERO, List.of()));
            }
            case DeleteTopic.Request delete -> {
                partitions.remove(delete.topic());
                yield Optional.of(new DeleteTopic.Response(delete.topic()));
            }
            default -> throw new IllegalStateException("the fake does not serve " + request.type());
        };
    }

    private Log log(TopicPartition partition) {
        return Objects.requireNonNull(logs.get(partition), partition::toString);
    }

    private RpcResponse describe(DescribeTopic.Request request, HostPort self) {
        if (!partitions.containsKey(request.topic())) {
            if (!request.autoCreate()) {
                return ErrorResponse.of(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + request.topic());
            }
            topic(request.topic(), 1);
        }
        List<DescribeTopic.Partition> all = new ArrayList<>();
        for (int i = 0; i < Objects.requireNonNull(partitions.get(request.topic())); i++) {
            TopicPartition partition = new TopicPartition(request.topic(), i);
            all.add(
                    new DescribeTopic.Partition(
                            i,
                            Optional.of("node"),
                            Optional.of(leaders.getOrDefault(partition, self)),
                            0,
                            List.of("node"),
                            List.of("node"),
                            Optional.empty()));
        }
        return new DescribeTopic.Response(request.topic(), TopicId.ZERO, 1, List.of(), all);
    }

    private RpcResponse produce(ProduceBatch.Request request) {
        TopicPartition partition =
                new TopicPartition(request.topic(), request.partition().orElse(0));
        Log log = log(partition);
        long baseOffset = log.records.size();
        if (request.stamp().isPresent()) {
            ProducerStamp stamp = request.stamp().get();
            List<Batch> batches =
                    log.producers.computeIfAbsent(stamp.producerId(), id -> new ArrayList<>());
            for (Batch batch : batches) {
                if (batch.sequence == stamp.sequence() && batch.count == request.records().size()) {
                    return produced(partition, batch.baseOffset, batch.count);
                }
            }
            if (!batches.isEmpty()) {
                Batch last = batches.getLast();
                if (stamp.sequence() != last.sequence + last.count) {
                    return ErrorResponse.of(
                            ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                            "sequence %d follows %d"
                                    .formatted(stamp.sequence(), last.sequence + last.count));
                }
            }
            batches.add(new Batch(stamp.sequence(), request.records().size(), baseOffset));
            if (batches.size() > REMEMBERED) {
                batches.removeFirst();
            }
        }
        log.records.addAll(request.records());
        return produced(partition, baseOffset, request.records().size());
    }

    private static RpcResponse produced(TopicPartition partition, long baseOffset, int count) {
        return new ProduceBatch.Response(partition.partition(), baseOffset, baseOffset + count - 1);
    }

    private RpcResponse fetch(FetchBatch.Request request) {
        Log log = log(new TopicPartition(request.topic(), request.partition()));
        int end = log.records.size();
        if (request.offset() < log.start || request.offset() > end) {
            return ErrorResponse.of(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset %d is not %d to %d".formatted(request.offset(), log.start, end));
        }
        List<FetchedRecord> entries = new ArrayList<>();
        int to = (int) Math.min(end, request.offset() + request.maxCount());
        for (int offset = (int) request.offset(); offset < to; offset++) {
            NewRecord record = log.records.get(offset);
            Bytes value = record.value();
            entries.add(
                    new FetchedRecord(
                            offset, 1000 + offset, record.key(), value, record.headers()));
        }
        return new FetchBatch.Response(entries, to, end, log.start);
    }

    private RpcResponse listOffsets(ListOffsets.Request request) {
        Log log = log(new TopicPartition(request.topic(), request.partition()));
        return switch (request.at()) {
            case ListOffsets.At.Earliest() ->
                    new ListOffsets.Response(OptionalLong.of(log.start), OptionalLong.empty());
            case ListOffsets.At.Latest() ->
                    new ListOffsets.Response(
                            OptionalLong.of(log.records.size()), OptionalLong.empty());
            case ListOffsets.At.AtOrAfter(long ms) -> {
                long offset = Math.max(log.start, ms - 1000);
                yield offset >= log.records.size()
                        ? new ListOffsets.Response(OptionalLong.empty(), OptionalLong.empty())
                        : new ListOffsets.Response(
                                OptionalLong.of(offset), OptionalLong.of(1000 + offset));
            }
        };
    }
}
