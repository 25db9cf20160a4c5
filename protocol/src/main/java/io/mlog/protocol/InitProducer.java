package io.mlog.protocol;

import java.io.IOException;

/** Asks for a producer id, which makes the retries of a producer's records harmless. */
public final class InitProducer {
    private InitProducer() {}

    /** The request; it has no fields. */
    public record Request() implements RpcRequest<Response> {
        @Override
        public String type() {
            return "InitProducer";
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

    /**
     * The producer's new identity.
     *
     * @param producerId never given out before
     * @param producerEpoch 0 for a new id
     */
    public record Response(long producerId, short producerEpoch) implements RpcResponse {
        @Override
        public String type() {
            return "InitProducerResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.number("producerId", producerId);
            out.number("producerEpoch", producerEpoch);
        }

        static Response read(JsonReader in) throws IOException {
            Long producerId = null;
            int producerEpoch = 0;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "producerId" -> producerId = in.int64();
                    case "producerEpoch" -> producerEpoch = in.int32(0, Short.MAX_VALUE);
                    default -> in.skip();
                }
            }
            return new Response(in.required("producerId", producerId), (short) producerEpoch);
        }
    }
}
