package io.mlog.protocol;

import java.io.IOException;
import java.util.OptionalLong;

/** Asks how far a consumer has come in a partition. */
public final class FetchOffset {
    private FetchOffset() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     * @param consumerId the consumer
     */
    public record Request(String topic, int partition, String consumerId)
            implements RpcRequest<Response> {
        public Request {
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
        }

        @Override
        public String type() {
            return "FetchOffset";
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
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            String consumerId = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "consumerId" -> consumerId = in.string();
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("topic", topic), partition, in.required("consumerId", consumerId));
        }
    }

    /**
     * What was committed last.
     *
     * @param offset the next offset to read; empty when nothing was ever committed
     */
    public record Response(OptionalLong offset) implements RpcResponse {
        @Override
        public String type() {
            return "FetchOffsetResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.numberOrNull("offset", offset);
        }

        static Response read(JsonReader in) throws IOException {
            OptionalLong offset = OptionalLong.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "offset" -> offset = in.optionalInt64();
                    default -> in.skip();
                }
            }
            return new Response(offset);
        }
    }
}
