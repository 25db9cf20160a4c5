package io.mlog.protocol;

import java.io.IOException;
import java.util.Optional;

/** Remembers how far a consumer has come in a partition. */
public final class CommitOffset {
    private CommitOffset() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     * @param consumerId the consumer; the same names as Kafka's consumer groups
     * @param offset the next offset to read, 0 or more
     * @param member the membership it is committed under; empty for a consumer that reads by
     *     itself, which is refused while the group has members
     */
    public record Request(
            String topic,
            int partition,
            String consumerId,
            long offset,
            Optional<Membership> member)
            implements RpcRequest<Response> {
        public Request {
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
            Range.check("offset", offset, 0, Long.MAX_VALUE);
        }

        /** A commit by a consumer that is no member. */
        public Request(String topic, int partition, String consumerId, long offset) {
            this(topic, partition, consumerId, offset, Optional.empty());
        }

        @Override
        public String type() {
            return "CommitOffset";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.number("partition", partition);
            out.string("consumerId", consumerId);
            out.number("offset", offset);
            if (member.isPresent()) {
                out.string("memberId", member.get().memberId());
                out.number("memberEpoch", member.get().epoch());
            }
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            String consumerId = null;
            Long offset = null;
            String memberId = null;
            Integer memberEpoch = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "consumerId" -> consumerId = in.string();
                    case "offset" -> offset = in.int64(0, Long.MAX_VALUE);
                    case "memberId" -> memberId = in.stringOrNull();
                    case "memberEpoch" -> memberEpoch = in.int32(0, Integer.MAX_VALUE);
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("topic", topic),
                    partition,
                    in.required("consumerId", consumerId),
                    in.required("offset", offset),
                    memberId == null
                            ? Optional.empty()
                            : Optional.of(
                                    new Membership(
                                            memberId, in.required("memberEpoch", memberEpoch))));
        }
    }

    /**
     * A membership of a group, as a heartbeat has answered it.
     *
     * @param epoch the member's epoch
     */
    public record Membership(String memberId, int epoch) {}

    /**
     * The offset is kept and survives a restart.
     *
     * @param success true
     */
    public record Response(boolean success) implements RpcResponse {
        @Override
        public String type() {
            return "CommitOffsetResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.bool("success", success);
        }

        static Response read(JsonReader in) throws IOException {
            Boolean success = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "success" -> success = in.bool();
                    default -> in.skip();
                }
            }
            return new Response(in.required("success", success));
        }
    }
}
