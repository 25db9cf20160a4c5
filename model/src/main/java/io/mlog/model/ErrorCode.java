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
    INVALID_TOPIC(17, false),
    RECORD_LIST_TOO_LARGE(18, false),
    NOT_ENOUGH_REPLICAS(19, true),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(20, true),
    INVALID_REQUIRED_ACKS(21, false),
    INVALID_GROUP_ID(24, false),
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
    /** Between brokers: the leader has no such fetch session; the follower begins another. */
    FETCH_SESSION_ID_NOT_FOUND(70, true),
    /** Between brokers: a request of the fetch session is missing or was overtaken. */
    INVALID_FETCH_SESSION_EPOCH(71, true),
    FENCED_LEADER_EPOCH(74, true),
    UNKNOWN_LEADER_EPOCH(75, true),
    UNSUPPORTED_COMPRESSION_TYPE(76, false),
    /** Between brokers: a request speaks for another life of a broker than is registered. */
    STALE_BROKER_EPOCH(77, false),
    OFFSET_NOT_AVAILABLE(78, true),
    /** The first replica is not in sync, fenced or shutting down. */
    PREFERRED_LEADER_NOT_AVAILABLE(80, true),
    /** No replica that may lead is alive. */
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, true),
    /** The partition is led as wished already. */
    ELECTION_NOT_NEEDED(84, true),
    NO_REASSIGNMENT_IN_PROGRESS(85, false),
    INVALID_RECORD(87, false),
    /** A compare-and-set came with the epoch of an older state. */
    INVALID_UPDATE_VERSION(95, false),
    UNKNOWN_TOPIC_ID(100, true),
    BROKER_ID_NOT_REGISTERED(102, false),
    INCONSISTENT_TOPIC_ID(103, true),
    /** A broker that is no replica, fenced, shutting down or of another boot cannot be in sync. */
    INELIGIBLE_REPLICA(107, false),
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
