package io.mlog.protocol;

import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A member's sign of life, by which it also joins a consumer group, learns what it may read, tells
 * what it reads, and leaves: Kafka's KIP-848 in our words.
 */
public final class GroupHeartbeat {
    private GroupHeartbeat() {}

    /** The epoch to join with. */
    public static final int JOIN = 0;

    /** The epoch to leave with. */
    public static final int LEAVE = -1;

    /** How long a member may take to give partitions up, unless it says otherwise. */
    public static final int DEFAULT_REBALANCE_TIMEOUT_MS = 60_000;

    /**
     * The request.
     *
     * @param memberId chosen by the member, the same for as long as it lives
     * @param memberEpoch {@value #JOIN} to join, {@value #LEAVE} to leave, else what was answered
     *     last
     * @param rebalanceTimeoutMs how long the member may take to give partitions up
     * @param topics what it wants to read; to be told when it joins, empty later when unchanged
     * @param owned what it reads now; to be told when it joins and whenever that has changed
     */
    public record Request(
            String group,
            String memberId,
            int memberEpoch,
            int rebalanceTimeoutMs,
            Optional<List<String>> topics,
            Optional<List<TopicPartition>> owned)
            implements RpcRequest<Response> {
        public Request {
            Range.check("memberEpoch", memberEpoch, LEAVE, Integer.MAX_VALUE);
            Range.check("rebalanceTimeoutMs", rebalanceTimeoutMs, 1, Range.MAX_WAIT_MS);
            Range.check(
                    memberEpoch != JOIN || topics.isPresent(),
                    "field 'topics' is missing: who joins (memberEpoch 0) says what it wants to read");
            topics = topics.map(List::copyOf);
            owned = owned.map(List::copyOf);
        }

        @Override
        public String type() {
            return "GroupHeartbeat";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("group", group);
            out.string("memberId", memberId);
            out.number("memberEpoch", memberEpoch);
            if (rebalanceTimeoutMs != DEFAULT_REBALANCE_TIMEOUT_MS) {
                out.number("rebalanceTimeoutMs", rebalanceTimeoutMs);
            }
            if (topics.isPresent()) {
                out.stringList("topics", topics.get());
            }
            if (owned.isPresent()) {
                out.list("owned", owned.get(), PartitionField::write);
            }
        }

        static Request read(JsonReader in) throws IOException {
            String group = null;
            String memberId = null;
            Integer memberEpoch = null;
            int rebalanceTimeoutMs = DEFAULT_REBALANCE_TIMEOUT_MS;
            Optional<List<String>> topics = Optional.empty();
            Optional<List<TopicPartition>> owned = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "group" -> group = in.string();
                    case "memberId" -> memberId = in.string();
                    case "memberEpoch" -> memberEpoch = in.int32(LEAVE, Integer.MAX_VALUE);
                    case "rebalanceTimeoutMs" ->
                            rebalanceTimeoutMs = in.int32(1, Range.MAX_WAIT_MS);
                    case "topics" ->
                            topics =
                                    in.isNull()
                                            ? Optional.empty()
                                            : Optional.of(in.list(JsonReader::string));
                    case "owned" ->
                            owned =
                                    in.isNull()
                                            ? Optional.empty()
                                            : Optional.of(in.list(PartitionField::read));
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("group", group),
                    in.required("memberId", memberId),
                    in.required("memberEpoch", memberEpoch),
                    rebalanceTimeoutMs,
                    topics,
                    owned);
        }
    }

    /**
     * The membership.
     *
     * @param memberEpoch to be sent with the next heartbeat and with commits
     * @param heartbeatIntervalMs when the next heartbeat is due; a member that is silent for
     *     several of them is taken out of the group
     * @param assignment what the member may read from now on; empty when unchanged
     */
    public record Response(
            int memberEpoch, int heartbeatIntervalMs, Optional<List<TopicPartition>> assignment)
            implements RpcResponse {
        public Response {
            assignment = assignment.map(List::copyOf);
        }

        @Override
        public String type() {
            return "GroupHeartbeatResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.number("memberEpoch", memberEpoch);
            out.number("heartbeatIntervalMs", heartbeatIntervalMs);
            if (assignment.isPresent()) {
                out.list("assignment", assignment.get(), PartitionField::write);
            }
        }

        static Response read(JsonReader in) throws IOException {
            Integer memberEpoch = null;
            Integer heartbeatIntervalMs = null;
            Optional<List<TopicPartition>> assignment = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "memberEpoch" -> memberEpoch = in.int32(LEAVE, Integer.MAX_VALUE);
                    case "heartbeatIntervalMs" ->
                            heartbeatIntervalMs = in.int32(0, Integer.MAX_VALUE);
                    case "assignment" ->
                            assignment =
                                    in.isNull()
                                            ? Optional.empty()
                                            : Optional.of(in.list(PartitionField::read));
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("memberEpoch", memberEpoch),
                    in.required("heartbeatIntervalMs", heartbeatIntervalMs),
                    assignment);
        }
    }
}
