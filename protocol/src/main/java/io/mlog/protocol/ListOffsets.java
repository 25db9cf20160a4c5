package io.mlog.protocol;

import java.io.IOException;
import java.util.OptionalLong;

/** Finds an offset of a partition by place or time. */
public final class ListOffsets {
    private ListOffsets() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     * @param at what is looked for
     * @param allowFollower whether a node that only holds a replica may answer from it
     */
    public record Request(String topic, int partition, At at, boolean allowFollower)
            implements RpcRequest<Response> {
        public Request {
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
        }

        @Override
        public String type() {
            return "ListOffsets";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.number("partition", partition);
            at.write(out);
            out.flag("allowFollower", allowFollower);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            At at = null;
            boolean allowFollower = false;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "at" -> at = At.read(in);
                    case "allowFollower" -> allowFollower = in.bool();
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("topic", topic), partition, in.required("at", at), allowFollower);
        }
    }

    /**
     * What was found.
     *
     * @param offset empty when no record is that young
     * @param timestampMs of the record found by time, ms since the epoch; else empty
     */
    public record Response(OptionalLong offset, OptionalLong timestampMs) implements RpcResponse {
        @Override
        public String type() {
            return "ListOffsetsResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.numberOrNull("offset", offset);
            out.numberOrNull("timestampMs", timestampMs);
        }

        static Response read(JsonReader in) throws IOException {
            OptionalLong offset = OptionalLong.empty();
            OptionalLong timestampMs = OptionalLong.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "offset" -> offset = in.optionalInt64();
                    case "timestampMs" -> timestampMs = in.optionalInt64();
                    default -> in.skip();
                }
            }
            return new Response(offset, timestampMs);
        }
    }

    /** Which offset is wanted. */
    public sealed interface At {
        /** The log start offset. */
        record Earliest() implements At {}

        /** The high watermark: the offset that the next committed record will have. */
        record Latest() implements At {}

        /**
         * The first record stamped at or after a time.
         *
         * @param timestampMs ms since the epoch, 0 or more
         */
        record AtOrAfter(long timestampMs) implements At {
            public AtOrAfter {
                Range.check("at", timestampMs, 0, Long.MAX_VALUE);
            }
        }

        private static At read(JsonReader in) throws IOException {
            if (!in.standsOnString()) {
                return new AtOrAfter(in.int64(0, Long.MAX_VALUE));
            }
            String text = in.string();
            return switch (text) {
                case "earliest" -> new Earliest();
                case "latest" -> new Latest();
                default ->
                        throw in.refuse(
                                "field 'at' is '"
                                        + text
                                        + "', not earliest, latest or ms since the epoch");
            };
        }

        private void write(JsonWriter out) throws IOException {
            switch (this) {
                case Earliest() -> out.string("at", "earliest");
                case Latest() -> out.string("at", "latest");
                case AtOrAfter(long timestampMs) -> out.number("at", timestampMs);
            }
        }
    }
}
