package io.mlog.core.metadata;

import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;

/**
 * Results of commands as bytes, as the leader tells them to the node that a command came from. They
 * are never stored, and travel between builds of one cluster only.
 *
 * <table>
 * <caption>A result</caption>
 * <tr><td>1 byte</td><td>1 done, then index and outcome; 2 refused, then code and message</td></tr>
 * <tr><td>outcome</td><td>1 byte: 1 nothing, 2 broker id, 3 topic, 4 producer ids, 5 leaderships
 * left, 6 partition results; its fields</td></tr>
 * <tr><td>partition result</td><td>1 byte: 1 changed, then name, index and image; 2 unchanged, then
 * code and message</td></tr>
 * </table>
 */
public final class ResultCodec {
    private static final int DONE = 1;
    private static final int REFUSED = 2;

    private static final int NOTHING = 1;
    private static final int BROKER_ID = 2;
    private static final int TOPIC = 3;
    private static final int PRODUCER_IDS = 4;
    private static final int LEADERSHIPS_LEFT = 5;
    private static final int PARTITION_RESULTS = 6;

    private static final int CHANGED = 1;
    private static final int UNCHANGED = 2;

    private static final int LEAST_RESULT_BYTES = 9;

    private ResultCodec() {}

    /** The result's bytes. */
    public static byte[] encode(CommandResult result) {
        FieldWriter out = new FieldWriter();
        switch (result) {
            case Done(long index, var outcome) -> {
                out.putByte(DONE);
                out.putLong(index);
                put(outcome, out);
            }
            case Refused(var code, var message) -> {
                out.putByte(REFUSED);
                out.putText(code.name());
                out.putText(message);
            }
        }
        return out.bytes();
    }

    /**
     * The result between position and limit, which do not move.
     *
     * @throws MetadataFormatException when the bytes are none, or of a newer build
     */
    public static CommandResult decode(ByteBuffer bytes) {
        FieldReader in = new FieldReader("a command's result", bytes);
        int kind = in.takeByte();
        CommandResult result =
                switch (kind) {
                    case DONE -> new Done(in.takeLong(), takeOutcome(in));
                    case REFUSED -> new Refused(takeCode(in), in.takeText());
                    default -> throw in.damaged("a kind of " + kind);
                };
        in.end();
        return result;
    }

    private static void put(Outcome outcome, FieldWriter out) {
        switch (outcome) {
            case Outcome.Nothing() -> out.putByte(NOTHING);
            case Outcome.BrokerId(int id) -> {
                out.putByte(BROKER_ID);
                out.putInt(id);
            }
            case Outcome.Topic(var topic) -> {
                out.putByte(TOPIC);
                ImageCodec.put(topic, out);
            }
            case Outcome.ProducerIds(long first, int count) -> {
                out.putByte(PRODUCER_IDS);
                out.putLong(first);
                out.putInt(count);
            }
            case Outcome.LeadershipsLeft(int count) -> {
                out.putByte(LEADERSHIPS_LEFT);
                out.putInt(count);
            }
            case Outcome.PartitionResults(var results) -> {
                out.putByte(PARTITION_RESULTS);
                out.putList(results, result -> put(result, out));
            }
        }
    }

    private static void put(PartitionResult result, FieldWriter out) {
        switch (result) {
            case PartitionResult.Changed(var partition, var image) -> {
                out.putByte(CHANGED);
                out.putPartition(partition);
                ImageCodec.put(image, out);
            }
            case PartitionResult.Unchanged(var code, var message) -> {
                out.putByte(UNCHANGED);
                out.putText(code.name());
                out.putText(message);
            }
        }
    }

    private static Outcome takeOutcome(FieldReader in) {
        int kind = in.takeByte();
        return switch (kind) {
            case NOTHING -> new Outcome.Nothing();
            case BROKER_ID -> new Outcome.BrokerId(in.takeInt());
            case TOPIC -> new Outcome.Topic(ImageCodec.takeTopic(in));
            case PRODUCER_IDS -> new Outcome.ProducerIds(in.takeLong(), in.takeInt());
            case LEADERSHIPS_LEFT -> new Outcome.LeadershipsLeft(in.takeInt());
            case PARTITION_RESULTS ->
                    new Outcome.PartitionResults(
                            in.takeList(LEAST_RESULT_BYTES, () -> takePartitionResult(in)));
            default -> throw in.damaged("an outcome of kind " + kind);
        };
    }

    private static PartitionResult takePartitionResult(FieldReader in) {
        int kind = in.takeByte();
        return switch (kind) {
            case CHANGED -> {
                TopicPartition partition = in.takePartition();
                yield new PartitionResult.Changed(
                        partition, ImageCodec.takePartition(partition.partition(), in));
            }
            case UNCHANGED -> new PartitionResult.Unchanged(takeCode(in), in.takeText());
            default -> throw in.damaged("a partition's result of kind " + kind);
        };
    }

    private static ErrorCode takeCode(FieldReader in) {
        String name = in.takeText();
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw in.damaged("the error code '" + name + "'");
        }
    }
}
