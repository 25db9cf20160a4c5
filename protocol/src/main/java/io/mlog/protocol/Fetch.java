package io.mlog.protocol;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one record. */
public final class Fetch {
    private Fetch() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     * @param offset the first offset wanted; empty: where {@code consumerId} has committed, else
     *     the log start
     * @param consumerId whose committed offset is meant; it is needed only without an offset, and
     *     nothing is committed
     * @param maxWaitMs how long to wait when there is no record yet, 0 to a day
     * @param allowFollower whether a node that only holds a replica may answer from it
     */
    public record Request(
            String topic,
            int partition,
            OptionalLong offset,
            Optional<String> consumerId,
            int maxWaitMs,
            boolean allowFollower)
            implements RpcRequest<Response> {
        public Request {
            Objects.requireNonNull(topic);
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
            Range.check("offset", offset.orElse(0), 0, Long.MAX_VALUE);
            Range.check(
                    offset.isPresent() || consumerId.isPresent(),
                    "field 'offset' is missing; only with a consumerId may it be left out");
            Range.check("maxWaitMs", maxWaitMs, 0, Range.MAX_WAIT_MS);
        }

        @Override
        public String type() {
            return "Fetch";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.number("partition", partition);
            out.optional("offset", offset);
            out.optional("consumerId", consumerId);
            out.number("maxWaitMs", maxWaitMs);
            out.flag("allowFollower", allowFollower);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            OptionalLong offset = OptionalLong.empty();
            Optional<String> consumerId = Optional.empty();
            int maxWaitMs = 0;
            boolean allowFollower = false;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "offset" -> offset = OptionalLong.of(in.int64(0, Long.MAX_VALUE));
                    case "consumerId" -> consumerId = in.optionalString();
                    case "maxWaitMs" -> maxWaitMs = in.int32(0, Range.MAX_WAIT_MS);
                    case "allowFollower" -> allowFollower = in.bool();
                    default -> in.skip();
                }
            }
            return new Request(
                    in.required("topic", topic),
                    partition,
                    offset,
                    consumerId,
                    maxWaitMs,
                    allowFollower);
        }
    }

    /**
     * What was read.
     *
     * @param entry the first record at or after the offset; empty when there is none yet
     * @param highWatermark first offset that cannot be read yet
     */
    public record Response(Optional<FetchedRecord> entry, long highWatermark)
            implements RpcResponse {
        @Override
        public String type() {
            return "FetchResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            if (entry.isPresent()) {
                out.field("entry");
                FetchedRecord.write(out, entry.get());
            } else {
                out.nullValue("entry");
            }
            out.number("highWatermark", highWatermark);
        }

        static Response read(JsonReader in) throws IOException {
            Optional<FetchedRecord> entry = Optional.empty();
            Long highWatermark = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "entry" ->
                            entry =
                                    in.isNull()
                                            ? Optional.empty()
                                            : Optional.of(FetchedRecord.read(in));
                    case "highWatermark" -> highWatermark = in.int64();
                    default -> in.skip();
                }
            }
            return new Response(entry, in.required("highWatermark", highWatermark));
        }
    }
}
