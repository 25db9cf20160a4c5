package io.mlog.protocol;

import io.mlog.model.TopicId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Creates a topic. */
public final class CreateTopic {
    private CreateTopic() {}

    /**
     * The request.
     *
     * @param topic 1 to 249 of the characters a-z A-Z 0-9 . _ -
     * @param replicaCount copies of each partition, the leader's included; empty: as many as there
     *     are brokers, 3 at most
     * @param partitions empty for 1
     * @param configs by name, see the table of topic configurations
     */
    public record Request(
            String topic,
            OptionalInt replicaCount,
            OptionalInt partitions,
            Map<String, String> configs)
            implements RpcRequest<Response> {
        public Request {
            configs = Map.copyOf(configs);
        }

        @Override
        public String type() {
            return "CreateTopic";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.optional("replicaCount", replicaCount);
            out.optional("partitions", partitions);
            out.stringMap("configs", configs);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            OptionalInt replicaCount = OptionalInt.empty();
            OptionalInt partitions = OptionalInt.empty();
            Map<String, String> configs = Map.of();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "replicaCount" ->
                            replicaCount = OptionalInt.of(in.int32(1, Integer.MAX_VALUE));
                    case "partitions" ->
                            partitions = OptionalInt.of(in.int32(1, Integer.MAX_VALUE));
                    case "configs" -> configs = in.stringMap();
                    default -> in.skip();
                }
            }
            return new Request(in.required("topic", topic), replicaCount, partitions, configs);
        }
    }

    /**
     * The topic; it accepts records now.
     *
     * @param topicId the topic's permanent identity
     */
    public record Response(String topic, TopicId topicId, List<Placement> partitions)
            implements RpcResponse {
        public Response {
            partitions = List.copyOf(partitions);
        }

        @Override
        public String type() {
            return "CreateTopicResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.string("topicId", topicId.toString());
            out.list("partitions", partitions, Placement::write);
        }

        static Response read(JsonReader in) throws IOException {
            String topic = null;
            TopicId topicId = null;
            List<Placement> partitions = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "topicId" -> topicId = in.topicId();
                    case "partitions" -> partitions = in.list(Placement::read);
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("topic", topic),
                    in.required("topicId", topicId),
                    in.required("partitions", partitions));
        }
    }

    /**
     * Where a partition lives.
     *
     * @param leader node id of the leader, empty while there is none
     * @param replicas node ids, the preferred leader first
     */
    public record Placement(int partition, Optional<String> leader, List<String> replicas) {
        public Placement {
            replicas = List.copyOf(replicas);
        }

        static Placement read(JsonReader in) throws IOException {
            in.object();
            int partition = 0;
            Optional<String> leader = Optional.empty();
            List<String> replicas = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "leader" -> leader = in.optionalString();
                    case "replicas" -> replicas = in.list(JsonReader::string);
                    default -> in.skip();
                }
            }
            return new Placement(partition, leader, in.required("replicas", replicas));
        }

        static void write(JsonWriter out, Placement element) throws IOException {
            out.beginObject();
            out.number("partition", element.partition);
            out.stringOrNull("leader", element.leader);
            out.stringList("replicas", element.replicas);
            out.endObject();
        }
    }
}
