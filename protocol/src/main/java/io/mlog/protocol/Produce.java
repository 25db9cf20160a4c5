package io.mlog.protocol;

import io.mlog.model.Acks;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Appends one record. */
public final class Produce {
    /** How long an {@code acks} 2 request waits when it does not say, in ms. */
    public static final int DEFAULT_TIMEOUT_MS = 30_000;

    private Produce() {}

    /**
     * The request. With {@code acks} 0 there is no reply at all, not even a refusal.
     *
     * @param topic created with the defaults when it is unknown and the broker allows it
     * @param record the record; its fields lie beside the others in the JSON
     * @param partition empty: by the key's hash, else sticky
     * @param acks what to wait for; NONE, LEADER, ALL are 0, 1, 2 in the JSON
     * @param timeoutMs with ALL: how long to wait for the replicas, 0 to a day
     * @param stamp makes the request idempotent; {@code partition} must then be given
     */
    public record Request(
            String topic,
            NewRecord record,
            OptionalInt partition,
            Acks acks,
            int timeoutMs,
            Optional<ProducerStamp> stamp)
            implements RpcRequest<Response> {
        public Request {
            Objects.requireNonNull(topic);
            Objects.requireNonNull(record);
            Target.check(partition, timeoutMs, stamp);
        }

        @Override
        public String type() {
            return "Produce";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            record.writeFields(out);
            new Target(partition, acks, timeoutMs, stamp).write(out);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            Bytes key = null;
            ValueField value = new ValueField();
            List<RecordHeader> headers = List.of();
            Target.Fields target = new Target.Fields();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "key" -> key = in.bytesOrNull();
                    case "value" -> value.base64(in);
                    case "text" -> value.text(in);
                    case "headers" -> headers = RecordHeader.readList(in);
                    default -> target.read(field, in);
                }
            }
            Target found = target.target(in);
            return new Request(
                    in.required("topic", topic),
                    new NewRecord(key, value.required(in), headers),
                    found.partition(),
                    found.acks(),
                    found.timeoutMs(),
                    found.stamp());
        }
    }

    /**
     * Where the record is.
     *
     * @param timestampMs the record's timestamp, ms since the epoch
     */
    public record Response(int partition, long offset, long timestampMs) implements RpcResponse {
        @Override
        public String type() {
            return "ProduceResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.number("partition", partition);
            out.number("offset", offset);
            out.number("timestampMs", timestampMs);
        }

        static Response read(JsonReader in) throws IOException {
            int partition = 0;
            Long offset = null;
            long timestampMs = -1;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "offset" -> offset = in.int64();
                    case "timestampMs" -> timestampMs = in.int64();
                    default -> in.skip();
                }
            }
            return new Response(partition, in.required("offset", offset), timestampMs);
        }
    }
}
