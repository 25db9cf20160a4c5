package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * An OffsetForLeaderEpoch request.
 *
 * <pre>
 * request:   replica int32 (3+), [topic string, [partition]]
 * partition: index int32, current leader epoch int32, leader epoch int32
 * </pre>
 */
record OffsetForLeaderEpochRequest(List<Topic> topics) {
    private static final int FIRST_WITH_REPLICA = 3;

    /** A topic, as the client named it. */
    record Topic(String name, List<Partition> partitions) {}

    /**
     * What is asked of one partition.
     *
     * @param currentLeaderEpoch the leadership that the client believes in, -1 when it does not say
     * @param leaderEpoch the epoch whose end is wanted
     */
    record Partition(int index, int currentLeaderEpoch, int leaderEpoch) {}

    static OffsetForLeaderEpochRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.OFFSET_FOR_LEADER_EPOCH, version);
        if (version >= FIRST_WITH_REPLICA) {
            fields.int32(); // brokers of ours ask in Fetch; who else asks is a consumer
        }
        List<Topic> topics = fields.list(() -> topic(fields));
        fields.end();
        return new OffsetForLeaderEpochRequest(topics);
    }

    private static Topic topic(FieldReader fields) {
        Topic topic = new Topic(fields.string(), fields.list(() -> partition(fields)));
        fields.end();
        return topic;
    }

    private static Partition partition(FieldReader fields) {
        Partition partition = new Partition(fields.int32(), fields.int32(), fields.int32());
        fields.end();
        return partition;
    }
}
