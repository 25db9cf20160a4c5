package io.mlog.protocol;

import java.io.IOException;

/**
 * Waits until a broker has acted on a change of the metadata. Brokers ask it of each other, so that
 * a topic is only announced as created when every live broker has it.
 */
public final class AwaitMetadata {
    /** Longest wait, in ms. */
    public static final int MAX_WAIT_MS = 60_000;

    private AwaitMetadata() {}

    /**
     * The request.
     *
     * @param index of the change in the metadata log, 0 or more
     * @param timeoutMs how long to wait, 1 to {@link #MAX_WAIT_MS}; REQUEST_TIMED_OUT afterwards
     */
    public record Request(long index, int timeoutMs) implements RpcRequest<Response> {
        public Request {
            Range.check("index", index, 0, Long.MAX_VALUE);
            Range.check("timeoutMs", timeoutMs, 1, MAX_WAIT_MS);
        }

        @Override
        public String type() {
            return "AwaitMetadata";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.number("index", index);
            out.number("timeoutMs", timeoutMs);
        }

        static Request read(JsonReader in) throws IOException {
            Long index = null;
            int timeoutMs = MAX_WAIT_MS;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "index" -> index = in.int64(0, Long.MAX_VALUE);
                    case "timeoutMs" -> timeoutMs = in.int32(1, MAX_WAIT_MS);
                    default -> in.skip();
                }
            }
            return new Request(in.required("index", index), timeoutMs);
        }
    }

    /**
     * The broker has acted.
     *
     * @param index of the last change that it has acted on, at least the one asked for
     */
    public record Response(long index) implements RpcResponse {
        @Override
        public String type() {
            return "AwaitMetadataResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.number("index", index);
        }

        static Response read(JsonReader in) throws IOException {
            Long index = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "index" -> index = in.int64();
                    default -> in.skip();
                }
            }
            return new Response(in.required("index", index));
        }
    }
}
