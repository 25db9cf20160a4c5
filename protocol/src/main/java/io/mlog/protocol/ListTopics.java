package io.mlog.protocol;

import io.mlog.model.TopicId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Lists the topics. */
public final class ListTopics {
    private ListTopics() {}

    /** The request; it has no fields. */
    public record Request() implements RpcRequest<Response> {
        @Override
        public String type() {
            return "ListTopics";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) {}

        static Request read(JsonReader in) throws IOException {
            in.skipFields();
            return new Request();
        }
    }

    /** Every topic, by name. */
    public record Response(List<Topic> topics) implements RpcResponse {
        public Response {
            topics = List.copyOf(topics);
        }

        @Override
        public String type() {
            return "ListTopicsResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.list("topics", topics, Topic::write);
        }

        static Response read(JsonReader in) throws IOException {
            List<Topic> topics = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topics" -> topics = in.list(Topic::read);
                    default -> in.skip();
                }
            }
            return new Response(in.required("topics", topics));
        }
    }

    /**
     * A topic in short.
     *
     * @param topicId its permanent identity
     * @param partitions how many
     * @param replicas copies of each partition, the leader's included
     * @param leaderNodeId node that leads partition 0, empty while none does
     */
    public record Topic(
            String name,
            TopicId topicId,
            int partitions,
            int replicas,
            Optional<String> leaderNodeId) {
        static Topic read(JsonReader in) throws IOException {
            in.object();
            String name = null;
            TopicId topicId = null;
            Integer partitions = null;
            Integer replicas = null;
            Optional<String> leaderNodeId = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "name" -> name = in.string();
                    case "topicId" -> topicId = in.topicId();
                    case "partitions" -> partitions = in.int32(0, Integer.MAX_VALUE);
                    case "replicas" -> replicas = in.int32(0, Integer.MAX_VALUE);
                    case "leaderNodeId" -> leaderNodeId = in.optionalString();
                    default -> in.skip();
                }
            }
            return new Topic(
                    in.required("name", name),
                    in.required("topicId", topicId),
                    in.required("partitions", partitions),
                    in.required("replicas", replicas),
                    leaderNodeId);
        }

        static void write(JsonWriter out, Topic element) throws IOException {
            out.beginObject();
            out.string("name", element.name);
            out.string("topicId", element.topicId.toString());
            out.number("partitions", element.partitions);
            out.number("replicas", element.replicas);
            out.stringOrNull("leaderNodeId", element.leaderNodeId);
            out.endObject();
        }
    }
}
