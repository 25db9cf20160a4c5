package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Reads several records of a partition. */
public final class FetchBatch {
    /** Most records of one response; more are never asked for. */
    public static final int MAX_COUNT = 100_000;

    /** Most bytes of keys, values and headers in one response, unless one record has more. */
    public static final int MAX_BYTES = 32 << 20;

    /** {@code maxBytes} where it is left out: 1 MiB. */
    public static final int DEFAULT_MAX_BYTES = 1 << 20;

    private FetchBatch() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     * @param offset the first offset wanted
     * @param maxCount most records, 1 or more; above {@link #MAX_COUNT} it counts as that
     * @param maxBytes most bytes of keys, values and headers, 1 or more, except that one record is
     *     always returned; above {@link #MAX_BYTES} it counts as that
     * @param maxWaitMs how long to wait when there is no record yet, 0 to a day
     * @param allowFollower whether a node that only holds a replica may answer from it
     */
    public record Request(
            String topic,
            int partition,
            long offset,
            int maxCount,
            int maxBytes,
            int maxWaitMs,
            boolean allowFollower)
            implements RpcRequest<Response> {
        public Request {
            Objects.requireNonNull(topic);
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
            Range.check("offset", offset, 0, Long.MAX_VALUE);
            Range.check("maxCount", maxCount, 1, Integer.MAX_VALUE);
            Range.check("maxBytes", maxBytes, 1, Integer.MAX_VALUE);
            Range.check("maxWaitMs", maxWaitMs, 0, Range.MAX_WAIT_MS);
            maxCount = Math.min(maxCount, MAX_COUNT);
            maxBytes = Math.min(maxBytes, MAX_BYTES);
        }

        @Override
        public String type() {
            return "FetchBatch";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.number("partition", partition);
            out.number("offset", offset);
            out.number("maxCount", maxCount);
            out.number("maxBytes", maxBytes);
            out.number("maxWaitMs", maxWaitMs);
            out.flag("allowFollower", allowFollower);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            Long offset = null;
            Integer maxCount = null;
            int maxBytes = DEFAULT_MAX_BYTES;
            int maxWaitMs = 0;
            boolean allowFollower = false;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "offset" -> offset = in.int64(0, Long.MAX_VALUE);
                    case "maxCount" -> maxCount = in.int32(1, Integer.MAX_VALUE);
                    case "maxBytes" -> maxBytes = in.int32(1, Integer.MAX_VALUE);
                    case "maxWaitMs" -> maxWaitMs = in.int32(0, Range.MAX_WAIT_MS);
                    case "allowFollower" -> allowFollower = in.bool();
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("topic", topic),
                    partition,
                    in.required("offset", offset),
                    in.required("maxCount", maxCount),
                    maxBytes,
                    maxWaitMs,
                    allowFollower);
        }
    }

    /**
     * What was read.
     *
     * @param entries in the order of their offsets, none below the offset asked for
     * @param nextOffset the offset to ask for next; it may lie further than one past the last entry
     *     where compaction or transactions left gaps
     * @param highWatermark first offset that cannot be read yet
     * @param logStartOffset first offset that can still be read
     */
    public record Response(
            List<FetchedRecord> entries, long nextOffset, long highWatermark, long logStartOffset)
            implements RpcResponse {
        public Response {
            entries = List.copyOf(entries);
        }

        @Override
        public String type() {
            return "FetchBatchResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.list("entries", entries, FetchedRecord::write);
            out.number("nextOffset", nextOffset);
            out.number("highWatermark", highWatermark);
            out.number("logStartOffset", logStartOffset);
        }

        static Response read(JsonReader in) throws IOException {
            List<FetchedRecord> entries = null;
            Long nextOffset = null;
            Long highWatermark = null;
            long logStartOffset = 0;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "entries" -> entries = in.list(FetchedRecord::read);
                    case "nextOffset" -> nextOffset = in.int64();
                    case "highWatermark" -> highWatermark = in.int64();
                    case "logStartOffset" -> logStartOffset = in.int64();
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("entries", entries),
                    in.required("nextOffset", nextOffset),
                    in.required("highWatermark", highWatermark),
                    logStartOffset);
        }
    }
}
