package io.mlog.protocol;

import java.io.IOException;

/** Deletes a topic with all its records. */
public final class DeleteTopic {
    private DeleteTopic() {}

    /** The request. */
    public record Request(String topic) implements RpcRequest<Response> {
        @Override
        public String type() {
            return "DeleteTopic";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    default -> in.skip();
                }
            }
            return new Request(in.required("topic", topic));
        }
    }

    /** The topic is gone. */
    public record Response(String topic) implements RpcResponse {
        @Override
        public String type() {
            return "DeleteTopicResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
        }

        static Response read(JsonReader in) throws IOException {
            String topic = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    default -> in.skip();
                }
            }
            return new Response(in.required("topic", topic));
        }
    }
}
