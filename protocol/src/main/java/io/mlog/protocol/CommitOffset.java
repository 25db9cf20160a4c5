package io.mlog.protocol;

import java.io.IOException;

/** Remembers how far a consumer has come in a partition. */
public final class CommitOffset {
    private CommitOffset() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     * @param consumerId the consumer; the same names as Kafka's consumer groups
     * @param offset the next offset to read, 0 or more
     */
    public record Request(String topic, int partition, String consumerId, long offset)
            implements RpcRequest<Response> {
        public Request {
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
            Range.check("offset", offset, 0, Long.MAX_VALUE);
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
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            String consumerId = null;
            Long offset = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "consumerId" -> consumerId = in.string();
                    case "offset" -> offset = in.int64(0, Long.MAX_VALUE);
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("topic", topic),
                    partition,
                    in.required("consumerId", consumerId),
                    in.required("offset", offset));
        }
    }

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
