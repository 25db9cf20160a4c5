package io.mlog.model;

/**
 * Every outcome that a client can be told, by its name on the JSON RPC and its number in the Kafka
 * protocol. Several names may share a number where Kafka has no finer word.
 *
 * <p>The numbers are those of Kafka's protocol guide ("Error codes").
 */
public enum ErrorCode {
    NONE(0, false),
    UNKNOWN_SERVER_ERROR(-1, false),
    OFFSET_OUT_OF_RANGE(1, false),
    /** A checksum, length or format field does not hold: in a request, or on disk. */
    CORRUPT_MESSAGE(2, true),
    UNKNOWN_TOPIC_OR_PARTITION(3, true),
    LEADER_NOT_AVAILABLE(5, true),
    /** This broker does not lead the partition; the answer names who does when it is known. */
    NOT_LEADER(6, true),
    REQUEST_TIMED_OUT(7, true),
    BROKER_NOT_AVAILABLE(8, false),
    REPLICA_NOT_AVAILABLE(9, true),
    MESSAGE_TOO_LARGE(10, false),
    /** The group's coordinator is reading the group's records. */
    COORDINATOR_LOAD_IN_PROGRESS(14, true),
    /** The partition that coordinates the group has no leader, or the broker is stopping. */
    COORDINATOR_NOT_AVAILABLE(15, true),
    /** Another broker coordinates the group; the answer names it when it is known. */
    NOT_COORDINATOR(16, true),
    INVALID_TOPIC(17, false),
    RECORD_LIST_TOO_LARGE(18, false),
    NOT_ENOUGH_REPLICAS(19, true),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(20, true),
    INVALID_REQUIRED_ACKS(21, false),
    /** A commit or heartbeat speaks for a generation of the group that has passed. */
    ILLEGAL_GENERATION(22, false),
    /** The group is of another kind than the member that asks to join. */
    INCONSISTENT_GROUP_PROTOCOL(23, false),
    INVALID_GROUP_ID(24, false),
    /** The group has no such member (any more); it joins again. */
    UNKNOWN_MEMBER_ID(25, false),
    /** The group's partitions are being assigned anew; the member takes part in that first. */
    REBALANCE_IN_PROGRESS(27, false),
    CLUSTER_AUTHORIZATION_FAILED(31, false),
    INVALID_TIMESTAMP(32, false),
    UNSUPPORTED_VERSION(35, false),
    TOPIC_ALREADY_EXISTS(36, false),
    INVALID_PARTITIONS(37, false),
    INVALID_REPLICATION_FACTOR(38, false),
    INVALID_REPLICA_ASSIGNMENT(39, false),
    INVALID_CONFIG(40, false),
    NOT_CONTROLLER(41, true),
    INVALID_REQUEST(42, false),
    POLICY_VIOLATION(44, false),
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, false),
    DUPLICATE_SEQUENCE_NUMBER(46, false),
    INVALID_PRODUCER_EPOCH(47, false),
    /** The partition's log is offline, for example after a failed fsync. */
    STORAGE_ERROR(56, true),
    /**
     * The data directory has no space left for records; reads, deletes and administration go on.
     */
    DISK_FULL(56, true),
    UNKNOWN_PRODUCER_ID(59, false),
    /** A group that has members cannot be deleted, nor can its offsets be set from outside. */
    NON_EMPTY_GROUP(68, false),
    GROUP_ID_NOT_FOUND(69, false),
    /** The broker has no such fetch session; the follower or Kafka consumer begins another. */
    FETCH_SESSION_ID_NOT_FOUND(70, true),
    /** A request of the fetch session is missing or was overtaken. */
    INVALID_FETCH_SESSION_EPOCH(71, true),
    FENCED_LEADER_EPOCH(74, true),
    UNKNOWN_LEADER_EPOCH(75, true),
    UNSUPPORTED_COMPRESSION_TYPE(76, false),
    /** Between brokers: a request speaks for another life of a broker than is registered. */
    STALE_BROKER_EPOCH(77, false),
    OFFSET_NOT_AVAILABLE(78, true),
    /** The first replica is not in sync, fenced or shutting down. */
    PREFERRED_LEADER_NOT_AVAILABLE(80, true),
    /** The group has as many members as it may. */
    GROUP_MAX_SIZE_REACHED(81, false),
    /** No replica that may lead is alive. */
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, true),
    /** The partition is led as wished already. */
    ELECTION_NOT_NEEDED(84, true),
    NO_REASSIGNMENT_IN_PROGRESS(85, false),
    /** The group still consumes the topic whose offsets are to be deleted. */
    GROUP_SUBSCRIBED_TO_TOPIC(86, false),
    INVALID_RECORD(87, false),
    /** A compare-and-set came with the epoch of an older state. */
    INVALID_UPDATE_VERSION(95, false),
    UNKNOWN_TOPIC_ID(100, true),
    BROKER_ID_NOT_REGISTERED(102, false),
    INCONSISTENT_TOPIC_ID(103, true),
    /** A broker that is no replica, fenced, shutting down or of another boot cannot be in sync. */
    INELIGIBLE_REPLICA(107, false),
    /** The member's epoch is ahead of, or fenced by, what the coordinator knows; it joins again. */
    FENCED_MEMBER_EPOCH(110, false),
    /** The commit's member epoch is older than the member's; it commits again with the new one. */
    STALE_MEMBER_EPOCH(113, false),
    /** JSON RPC only: the request's {@code type} is not one of the documented ones. */
    UNKNOWN_TYPE(42, false),
    /** The broker is starting or stopping and does not serve this yet or any more. */
    NOT_READY(8, true);

    private final short kafkaCode;
    private final boolean retriable;

    ErrorCode(int kafkaCode, boolean retriable) {
        this.kafkaCode = (short) kafkaCode;
        this.retriable = retriable;
    }

    /** The error's number in the Kafka protocol. */
    public short kafkaCode() {
        return kafkaCode;
    }

    /** Whether the same request may succeed later without being changed. */
    public boolean retriable() {
        return retriable;
    }
}
