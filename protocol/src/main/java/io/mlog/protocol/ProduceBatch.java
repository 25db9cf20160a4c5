package io.mlog.protocol;

import io.mlog.model.Acks;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Appends several records to one partition, as one batch: all of them or none. */
public final class ProduceBatch {
    private ProduceBatch() {}

    /**
     * The request. In the JSON the records are {@code values} (base64 or null each), {@code texts}
     * or {@code records} (objects with key and headers): one of the three. With {@code acks} 0
     * there is no reply at all, not even a refusal.
     *
     * @param topic created with the defaults when it is unknown and the broker allows it
     * @param records one or more
     * @param partition empty: by the hash of the first record's key, else sticky
     * @param acks what to wait for; NONE, LEADER, ALL are 0, 1, 2 in the JSON
     * @param compression none, gzip, snappy, lz4 or zstd: how the batch is stored; empty for none
     * @param timeoutMs with ALL: how long to wait for the replicas, 0 to a day
     * @param stamp makes the request idempotent; {@code partition} must then be given
     */
    public record Request(
            String topic,
            List<NewRecord> records,
            OptionalInt partition,
            Acks acks,
            Optional<String> compression,
            int timeoutMs,
            Optional<ProducerStamp> stamp)
            implements RpcRequest<Response> {
        public Request {
            Objects.requireNonNull(topic);
            records = List.copyOf(records);
            Range.check(!records.isEmpty(), "there are no records in the batch; give at least one");
            Target.check(partition, timeoutMs, stamp);
        }

        @Override
        public String type() {
            return "ProduceBatch";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            new Target(partition, acks, timeoutMs, stamp).write(out);
            out.optional("compression", compression);
            if (records.stream().allMatch(NewRecord::isValueOnly)) {
                out.list("values", records, (to, record) -> to.bytesElement(record.value()));
            } else {
                out.list("records", records, NewRecord::write);
            }
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            List<NewRecord> records = null;
            Optional<String> compression = Optional.empty();
            Target.Fields target = new Target.Fields();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "values", "texts", "records" -> {
                        if (records != null) {
                            throw in.refuse(
                                    "field '" + field + "': give values, texts or records once");
                        }
                        records = readRecords(field, in);
                    }
                    case "compression" -> compression = in.optionalString();
                    default -> target.read(field, in);
                }
            }
            Target found = target.target(in);
            return new Request(
                    in.required("topic", topic),
                    in.required("values", records),
                    found.partition(),
                    found.acks(),
                    compression,
                    found.timeoutMs(),
                    found.stamp());
        }

        private static List<NewRecord> readRecords(String field, JsonReader in) throws IOException {
            return switch (field) {
                case "values" ->
                        in.list(each -> new NewRecord(null, each.bytesOrNull(), List.of()));
                case "texts" -> in.list(each -> NewRecord.of(each.string()));
                default -> in.list(NewRecord::read);
            };
        }
    }

    /**
     * Where the records are: {@code baseOffset} to {@code lastOffset}, in the order they were
     * given.
     */
    public record Response(int partition, long baseOffset, long lastOffset) implements RpcResponse {
        @Override
        public String type() {
            return "ProduceBatchResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.number("partition", partition);
            out.number("baseOffset", baseOffset);
            out.number("lastOffset", lastOffset);
        }

        static Response read(JsonReader in) throws IOException {
            int partition = 0;
            Long baseOffset = null;
            Long lastOffset = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "baseOffset" -> baseOffset = in.int64();
                    case "lastOffset" -> lastOffset = in.int64();
                    default -> in.skip();
                }
            }
            return new Response(
                    partition,
                    in.required("baseOffset", baseOffset),
                    in.required("lastOffset", lastOffset));
        }
    }
}
