package io.mlog.protocol;

import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Tells everything about a consumer group; its coordinator answers. */
public final class DescribeGroup {
    private DescribeGroup() {}

    /** The request. */
    public record Request(String group) implements RpcRequest<Response> {
        @Override
        public String type() {
            return "DescribeGroup";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("group", group);
        }

        static Request read(JsonReader in) throws IOException {
            String group = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "group" -> group = in.string();
                    default -> in.skip();
                }
            }
            return new Request(in.required("group", group));
        }
    }

    /**
     * The group.
     *
     * @param coordinatorNodeId the answering node
     * @param groupType classic, or consumer for KIP-848
     * @param state as Kafka names it, such as Stable or Empty
     * @param protocolType what its members are, such as consumer or connect
     * @param epoch generation of a classic group, group epoch of a KIP-848 one
     * @param assignor how partitions are assigned; empty when they are not
     * @param offsets what was committed
     * @param events what has happened to it, oldest first, as far as its coordinator remembers
     */
    public record Response(
            String group,
            String coordinatorNodeId,
            String groupType,
            String state,
            String protocolType,
            int epoch,
            String assignor,
            List<Member> members,
            List<Offset> offsets,
            List<Event> events)
            implements RpcResponse {
        public Response {
            members = List.copyOf(members);
            offsets = List.copyOf(offsets);
            events = List.copyOf(events);
        }

        @Override
        public String type() {
            return "DescribeGroupResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("group", group);
            out.string("coordinatorNodeId", coordinatorNodeId);
            out.string("groupType", groupType);
            out.string("state", state);
            out.string("protocolType", protocolType);
            out.number("epoch", epoch);
            out.string("assignor", assignor);
            out.list("members", members, Member::write);
            out.list("offsets", offsets, Offset::write);
            out.list("events", events, Event::write);
        }

        static Response read(JsonReader in) throws IOException {
            String group = null;
            String coordinatorNodeId = null;
            String groupType = null;
            String state = null;
            String protocolType = "";
            int epoch = 0;
            String assignor = "";
            List<Member> members = null;
            List<Offset> offsets = null;
            List<Event> events = List.of();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "group" -> group = in.string();
                    case "coordinatorNodeId" -> coordinatorNodeId = in.string();
                    case "groupType" -> groupType = in.string();
                    case "state" -> state = in.string();
                    case "protocolType" -> protocolType = in.string();
                    case "epoch" -> epoch = in.int32(Integer.MIN_VALUE, Integer.MAX_VALUE);
                    case "assignor" -> assignor = in.string();
                    case "members" -> members = in.list(Member::read);
                    case "offsets" -> offsets = in.list(Offset::read);
                    case "events" -> events = in.list(Event::read);
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("group", group),
                    in.required("coordinatorNodeId", coordinatorNodeId),
                    in.required("groupType", groupType),
                    in.required("state", state),
                    protocolType,
                    epoch,
                    assignor,
                    in.required("members", members),
                    in.required("offsets", offsets),
                    events);
        }
    }

    /**
     * A member.
     *
     * @param instanceId its permanent name when it is a static member
     * @param clientId what its client calls itself
     * @param host where it connects from
     * @param epoch the member's own epoch in a KIP-848 group, else the generation
     * @param assigned what it reads
     */
    public record Member(
            String memberId,
            Optional<String> instanceId,
            String clientId,
            String host,
            int epoch,
            List<TopicPartition> assigned) {
        public Member {
            assigned = List.copyOf(assigned);
        }

        static Member read(JsonReader in) throws IOException {
            in.object();
            String memberId = null;
            Optional<String> instanceId = Optional.empty();
            String clientId = "";
            String host = "";
            int epoch = 0;
            List<TopicPartition> assigned = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "memberId" -> memberId = in.string();
                    case "instanceId" -> instanceId = in.optionalString();
                    case "clientId" -> clientId = in.string();
                    case "host" -> host = in.string();
                    case "epoch" -> epoch = in.int32(Integer.MIN_VALUE, Integer.MAX_VALUE);
                    case "assigned" -> assigned = in.list(PartitionField::read);
                    default -> in.skip();
                }
            }
            return new Member(
                    in.required("memberId", memberId),
                    instanceId,
                    clientId,
                    host,
                    epoch,
                    in.required("assigned", assigned));
        }

        static void write(JsonWriter out, Member element) throws IOException {
            out.beginObject();
            out.string("memberId", element.memberId);
            out.optional("instanceId", element.instanceId);
            out.string("clientId", element.clientId);
            out.string("host", element.host);
            out.number("epoch", element.epoch);
            out.list("assigned", element.assigned, PartitionField::write);
            out.endObject();
        }
    }

    /**
     * A committed offset.
     *
     * @param offset the next offset to read
     * @param committedAtMs when it was committed, ms since the epoch
     */
    public record Offset(TopicPartition partition, long offset, long committedAtMs) {
        static Offset read(JsonReader in) throws IOException {
            in.object();
            String topic = null;
            Integer partition = null;
            Long offset = null;
            long committedAtMs = -1;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "offset" -> offset = in.int64();
                    case "committedAtMs" -> committedAtMs = in.int64();
                    default -> in.skip();
                }
            }
            return new Offset(
                    new TopicPartition(
                            in.required("topic", topic), in.required("partition", partition)),
                    in.required("offset", offset),
                    committedAtMs);
        }

        static void write(JsonWriter out, Offset element) throws IOException {
            out.beginObject();
            out.string("topic", element.partition.topic());
            out.number("partition", element.partition.partition());
            out.number("offset", element.offset);
            out.number("committedAtMs", element.committedAtMs);
            out.endObject();
        }
    }

    /**
     * Something that happened to the group.
     *
     * @param atMs ms since the epoch
     * @param kind such as JOINED, LEFT, EXPIRED, REBALANCED, OFFSETS_RESET
     * @param epoch generation or group epoch after it; -1 when it has none
     * @param what a sentence
     */
    public record Event(long atMs, String kind, int epoch, String what) {
        static Event read(JsonReader in) throws IOException {
            in.object();
            Long atMs = null;
            String kind = null;
            int epoch = -1;
            String what = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "atMs" -> atMs = in.int64();
                    case "kind" -> kind = in.string();
                    case "epoch" -> epoch = in.int32(-1, Integer.MAX_VALUE);
                    case "what" -> what = in.string();
                    default -> in.skip();
                }
            }
            return new Event(
                    in.required("atMs", atMs),
                    in.required("kind", kind),
                    epoch,
                    in.required("what", what));
        }

        static void write(JsonWriter out, Event element) throws IOException {
            out.beginObject();
            out.number("atMs", element.atMs);
            out.string("kind", element.kind);
            out.number("epoch", element.epoch);
            out.string("what", element.what);
            out.endObject();
        }
    }
}
