package io.mlog.core.metadata;

/** Bounds of the metadata. They are part of the decisions: changing one needs a new level. */
public final class MetadataLimits {
    /** Most partitions of one topic. */
    public static final int PARTITIONS_OF_TOPIC = 10_000;

    /** Most partitions of all topics together. */
    public static final int PARTITIONS = 200_000;

    /** Most copies of one partition. */
    public static final int REPLICAS_OF_PARTITION = 100;

    /** Most partitions that one command may change one by one: ISRs, elections, reassignments. */
    public static final int CHANGES_AT_ONCE = 10_000;

    /** Most producer ids one command may reserve. */
    public static final int PRODUCER_IDS_AT_ONCE = 1_000_000;

    /** Longest node id, directory id, rack, version or host, in characters. */
    public static final int NAME_LENGTH = 255;

    /** Longest value of a config, in characters. */
    public static final int CONFIG_VALUE_LENGTH = 4096;

    private MetadataLimits() {}
}
