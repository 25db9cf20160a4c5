package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.BeginShutdown;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.CompareImage;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.ReplaceTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.Retired;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.metadata.MetadataCommand.UnregisterBroker;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Commands as bytes, as the metadata log keeps them. A format that was ever written stays readable;
 * a command's number is never given to another.
 *
 * <table>
 * <caption>A command</caption>
 * <tr><td>1 byte</td><td>format, now 1</td></tr>
 * <tr><td>1 byte</td><td>number of the command</td></tr>
 * <tr><td>rest</td><td>its fields in the order of the record, see {@link FieldWriter}</td></tr>
 * </table>
 */
public final class CommandCodec {
    /** What {@link #encode} writes. */
    public static final int FORMAT = 1;

    /** Founded a cluster of level 1. */
    private static final int CREATE_CLUSTER_OF_LEVEL_1 = 1;

    private static final int REGISTER_BROKER = 2;
    private static final int CREATE_TOPIC = 3;
    private static final int DELETE_TOPIC = 4;
    private static final int CREATE_PARTITIONS = 5;
    private static final int SET_TOPIC_CONFIGS = 6;
    private static final int REPLACE_TOPIC_CONFIGS = 7;
    private static final int ALLOCATE_PRODUCER_IDS = 8;

    /** Kept the offsets that groups committed in the metadata. */
    private static final int COMMIT_GROUP_OFFSETS = 9;

    /** Hashed an image that had those in it. */
    private static final int COMPARE_IMAGE_WITH_GROUPS = 10;

    private static final int UNFENCE_BROKER = 11;
    private static final int FENCE_BROKER = 12;
    private static final int BEGIN_SHUTDOWN = 13;
    private static final int UNREGISTER_BROKER = 14;
    private static final int CHANGE_PARTITIONS = 15;
    private static final int ELECT_LEADERS = 16;
    private static final int REASSIGN_PARTITIONS = 17;
    private static final int COMPARE_IMAGE = 18;
    private static final int CREATE_CLUSTER = 19;

    private static final int PUT = 0;
    private static final int RESET = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    private CommandCodec() {}

    /** The command's bytes; equal commands give equal bytes. */
    public static byte[] encode(MetadataCommand command) {
        FieldWriter out = new FieldWriter();
        out.putByte(FORMAT);
        switch (command) {
            case CreateCluster c -> {
                out.putByte(CREATE_CLUSTER);
                out.putText(c.clusterId());
                out.putInt(c.level());
            }
            case RegisterBroker c -> {
                out.putByte(REGISTER_BROKER);
                ClusterCommandFields.put(c, out);
            }
            case CreateTopic c -> put(c, out);
            case DeleteTopic c -> {
                out.putByte(DELETE_TOPIC);
                out.putText(c.name());
                out.putTopicId(c.expectedId());
            }
            case CreatePartitions c -> {
                out.putByte(CREATE_PARTITIONS);
                out.putText(c.topic());
                out.putInt(c.total());
                putAssignments(c.assignments(), out);
            }
            case SetTopicConfigs c -> {
                out.putByte(SET_TOPIC_CONFIGS);
                out.putText(c.topic());
                out.putList(c.edits(), edit -> put(edit, out));
            }
            case ReplaceTopicConfigs c -> {
                out.putByte(REPLACE_TOPIC_CONFIGS);
                out.putText(c.topic());
                out.putTexts(c.configs());
            }
            case AllocateProducerIds c -> {
                out.putByte(ALLOCATE_PRODUCER_IDS);
                out.putInt(c.count());
            }
            case Retired c ->
                    throw new IllegalArgumentException(
                            "metadata command number %d is not written any more"
                                    .formatted(c.number()));
            case CompareImage c -> {
                out.putByte(COMPARE_IMAGE);
                out.putLong(c.commandCount());
                out.putLong(c.imageHash());
            }
            case UnfenceBroker c -> {
                out.putByte(UNFENCE_BROKER);
                ClusterCommandFields.put(c, out);
            }
            case FenceBroker c -> {
                out.putByte(FENCE_BROKER);
                out.putInt(c.brokerId());
                out.putLong(c.bootEpoch());
            }
            case BeginShutdown c -> {
                out.putByte(BEGIN_SHUTDOWN);
                out.putInt(c.brokerId());
                out.putLong(c.bootEpoch());
            }
            case UnregisterBroker c -> {
                out.putByte(UNREGISTER_BROKER);
                out.putInt(c.brokerId());
            }
            case ChangePartitions c -> {
                out.putByte(CHANGE_PARTITIONS);
                ClusterCommandFields.put(c, out);
            }
            case ElectLeaders c -> {
                out.putByte(ELECT_LEADERS);
                ClusterCommandFields.put(c, out);
            }
            case ReassignPartitions c -> {
                out.putByte(REASSIGN_PARTITIONS);
                ClusterCommandFields.put(c, out);
            }
        }
        return out.bytes();
    }

    /**
     * The command between position and limit, which do not move.
     *
     * @throws MetadataFormatException when the bytes are none, or of a newer format
     */
    public static MetadataCommand decode(ByteBuffer bytes) {
        FieldReader in = new FieldReader("a metadata command", bytes);
        int format = in.takeByte();
        if (format != FORMAT) {
            throw new MetadataFormatException(
                    "a metadata command has format %d and this build knows format %d: start the build that wrote it or a newer one"
                            .formatted(format, FORMAT));
        }
        int number = in.takeByte();
        MetadataCommand command =
                switch (number) {
                    case CREATE_CLUSTER_OF_LEVEL_1 -> new CreateCluster(in.takeText(), 1);
                    case CREATE_CLUSTER ->
                            new CreateCluster(
                                    in.takeText(), MetadataMachine.knownLevel(in.takeInt()));
                    case REGISTER_BROKER -> ClusterCommandFields.takeRegistration(in);
                    case CREATE_TOPIC -> takeTopic(in);
                    case DELETE_TOPIC -> new DeleteTopic(in.takeText(), in.takeTopicId());
                    case CREATE_PARTITIONS ->
                            new CreatePartitions(in.takeText(), in.takeInt(), takeAssignments(in));
                    case SET_TOPIC_CONFIGS ->
                            new SetTopicConfigs(in.takeText(), in.takeList(5, () -> takeEdit(in)));
                    case REPLACE_TOPIC_CONFIGS ->
                            new ReplaceTopicConfigs(in.takeText(), in.takeTexts());
                    case ALLOCATE_PRODUCER_IDS -> new AllocateProducerIds(in.takeInt());
                    case COMMIT_GROUP_OFFSETS -> {
                        in.takeText();
                        in.takeMap(16, in::takePartition, in::takeLong);
                        in.takeLong();
                        yield new Retired(number);
                    }
                    case COMPARE_IMAGE_WITH_GROUPS -> {
                        in.takeLong();
                        in.takeLong();
                        yield new Retired(number);
                    }
                    case COMPARE_IMAGE -> new CompareImage(in.takeLong(), in.takeLong());
                    case UNFENCE_BROKER -> ClusterCommandFields.takeUnfencing(in);
                    case FENCE_BROKER -> new FenceBroker(in.takeInt(), in.takeLong());
                    case BEGIN_SHUTDOWN -> new BeginShutdown(in.takeInt(), in.takeLong());
                    case UNREGISTER_BROKER -> new UnregisterBroker(in.takeInt());
                    case CHANGE_PARTITIONS -> ClusterCommandFields.takeIsrChanges(in);
                    case ELECT_LEADERS -> ClusterCommandFields.takeElection(in);
                    case REASSIGN_PARTITIONS -> ClusterCommandFields.takeReassignments(in);
                    default ->
                            throw new MetadataFormatException(
                                    "metadata command number %d is not known to this build: start the build that wrote it or a newer one"
                                            .formatted(number));
                };
        in.end();
        return command;
    }

    private static void put(CreateTopic c, FieldWriter out) {
        out.putByte(CREATE_TOPIC);
        out.putText(c.name());
        out.putTopicId(c.topicId());
        out.putInt(c.partitions());
        out.putInt(c.replicas());
        putAssignments(c.assignments(), out);
        out.putTexts(c.configs());
    }

    private static CreateTopic takeTopic(FieldReader in) {
        return new CreateTopic(
                in.takeText(),
                in.takeTopicId(),
                in.takeInt(),
                in.takeInt(),
                takeAssignments(in),
                in.takeTexts());
    }

    private static void putAssignments(List<List<Integer>> assignments, FieldWriter out) {
        out.putList(assignments, brokers -> out.putList(brokers, out::putInt));
    }

    private static List<List<Integer>> takeAssignments(FieldReader in) {
        return in.takeList(Integer.BYTES, () -> in.takeList(Integer.BYTES, in::takeInt));
    }

    private static void put(ConfigEdit edit, FieldWriter out) {
        switch (edit) {
            case ConfigEdit.Put(var name, var value) -> putEdit(PUT, name, value, out);
            case ConfigEdit.Reset(var name) -> {
                out.putByte(RESET);
                out.putText(name);
            }
            case ConfigEdit.Append(var name, var items) -> putEdit(APPEND, name, items, out);
            case ConfigEdit.Subtract(var name, var items) -> putEdit(SUBTRACT, name, items, out);
        }
    }

    private static void putEdit(int kind, String name, String value, FieldWriter out) {
        out.putByte(kind);
        out.putText(name);
        out.putText(value);
    }

    private static ConfigEdit takeEdit(FieldReader in) {
        int kind = in.takeByte();
        return switch (kind) {
            case PUT -> new ConfigEdit.Put(in.takeText(), in.takeText());
            case RESET -> new ConfigEdit.Reset(in.takeText());
            case APPEND -> new ConfigEdit.Append(in.takeText(), in.takeText());
            case SUBTRACT -> new ConfigEdit.Subtract(in.takeText(), in.takeText());
            default -> throw in.damaged("a config edit of kind " + kind);
        };
    }
}
