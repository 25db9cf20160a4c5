package io.mlog.protocol;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Changes a topic's configuration, its number of partitions, or both. */
public final class AlterTopic {
    private AlterTopic() {}

    /**
     * The request.
     *
     * @param partitions the new total, more than before; empty: as they are
     * @param configs new values by name; an empty value goes back to the default
     */
    public record Request(
            String topic, OptionalInt partitions, Map<String, Optional<String>> configs)
            implements RpcRequest<Response> {
        public Request {
            configs = Map.copyOf(configs);
        }

        @Override
        public String type() {
            return "AlterTopic";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.optional("partitions", partitions);
            out.optionalStringMap("configs", configs);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            OptionalInt partitions = OptionalInt.empty();
            Map<String, Optional<String>> configs = Map.of();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partitions" ->
                            partitions = OptionalInt.of(in.int32(1, Integer.MAX_VALUE));
                    case "configs" -> configs = in.optionalStringMap();
                    default -> in.skip();
                }
            }
            return new Request(in.required("topic", topic), partitions, configs);
        }
    }

    /**
     * The topic as it is now.
     *
     * @param partitions how many
     * @param configs the values that are set for this topic
     */
    public record Response(String topic, int partitions, Map<String, String> configs)
            implements RpcResponse {
        public Response {
            configs = Map.copyOf(configs);
        }

        @Override
        public String type() {
            return "AlterTopicResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.number("partitions", partitions);
            out.stringMap("configs", configs);
        }

        static Response read(JsonReader in) throws IOException {
            String topic = null;
            Integer partitions = null;
            Map<String, String> configs = Map.of();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partitions" -> partitions = in.int32(0, Integer.MAX_VALUE);
                    case "configs" -> configs = in.stringMap();
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("topic", topic), in.required("partitions", partitions), configs);
        }
    }
}
