package io.mlog.protocol;

import io.mlog.model.Acks;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** The fields that Produce and ProduceBatch share: where records go and what is waited for. */
record Target(OptionalInt partition, Acks acks, int timeoutMs, Optional<ProducerStamp> stamp) {
    static void check(OptionalInt partition, int timeoutMs, Optional<ProducerStamp> stamp) {
        Range.check("partition", partition.orElse(0), 0, Integer.MAX_VALUE);
        Range.check("timeoutMs", timeoutMs, 0, Range.MAX_WAIT_MS);
        Range.check(
                stamp.isEmpty() || partition.isPresent(),
                "field 'partition' is missing: sequences count per partition, so an idempotent"
                        + " request names it");
    }

    void write(JsonWriter out) throws IOException {
        out.optional("partition", partition);
        out.number(
                "acks",
                switch (acks) {
                    case NONE -> 0;
                    case LEADER -> 1;
                    case ALL -> 2;
                });
        if (timeoutMs != Produce.DEFAULT_TIMEOUT_MS) {
            out.number("timeoutMs", timeoutMs);
        }
        ProducerStamp.write(out, stamp);
    }

    /** The fields while they are read. */
    static final class Fields {
        private OptionalInt partition = OptionalInt.empty();
        private Acks acks = Acks.LEADER;
        private int timeoutMs = Produce.DEFAULT_TIMEOUT_MS;
        private final ProducerStamp.Fields stamp = new ProducerStamp.Fields();

        /** Takes the field's value when the field is one of these, else skips it. */
        void read(String field, JsonReader in) throws IOException {
            switch (field) {
                case "partition" -> partition = OptionalInt.of(in.int32(0, Integer.MAX_VALUE));
                case "acks" -> acks = in.acks();
                case "timeoutMs" -> timeoutMs = in.int32(0, Range.MAX_WAIT_MS);
                case "producerId" -> stamp.readProducerId(in);
                case "producerEpoch" -> stamp.readProducerEpoch(in);
                case "sequence" -> stamp.readSequence(in);
                default -> in.skip();
            }
        }

        Target target(JsonReader in) {
            return new Target(partition, acks, timeoutMs, stamp.stamp(in));
        }
    }
}
