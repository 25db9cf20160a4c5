package io.mlog.protocol;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What makes a produce request idempotent: who sends it and its place in the order of that
 * producer's records for the partition.
 *
 * @param producerId as InitProducer gave it, 0 or more
 * @param producerEpoch as InitProducer gave it, 0 or more
 * @param sequence of the first record, 0 or more; after 2^31-1 comes 0
 */
public record ProducerStamp(long producerId, short producerEpoch, int sequence) {
    public ProducerStamp {
        if (producerId < 0 || producerEpoch < 0 || sequence < 0) {
            throw new IllegalArgumentException(
                    "producer %d, epoch %d, sequence %d: none may be negative"
                            .formatted(producerId, producerEpoch, sequence));
        }
    }

    static void write(JsonWriter out, Optional<ProducerStamp> stamp) throws IOException {
        if (stamp.isPresent()) {
            out.number("producerId", stamp.get().producerId);
            out.number("producerEpoch", stamp.get().producerEpoch);
            out.number("sequence", stamp.get().sequence);
        }
    }

    /** The three fields while they are read: all or none. */
    static final class Fields {
        private OptionalLong producerId = OptionalLong.empty();
        private OptionalInt producerEpoch = OptionalInt.empty();
        private OptionalInt sequence = OptionalInt.empty();

        void readProducerId(JsonReader in) throws IOException {
            producerId = OptionalLong.of(in.int64(0, Long.MAX_VALUE));
        }

        void readProducerEpoch(JsonReader in) throws IOException {
            producerEpoch = OptionalInt.of(in.int32(0, Short.MAX_VALUE));
        }

        void readSequence(JsonReader in) throws IOException {
            sequence = OptionalInt.of(in.int32(0, Integer.MAX_VALUE));
        }

        Optional<ProducerStamp> stamp(JsonReader in) {
            @Nullable String missing =
                    producerId.isEmpty()
                            ? "producerId"
                            : producerEpoch.isEmpty()
                                    ? "producerEpoch"
                                    : sequence.isEmpty() ? "sequence" : null;
            if (missing == null) {
                return Optional.of(
                        new ProducerStamp(
                                producerId.getAsLong(),
                                (short) producerEpoch.getAsInt(),
                                sequence.getAsInt()));
            }
            if (producerId.isPresent() || producerEpoch.isPresent() || sequence.isPresent()) {
                throw in.refuse(
                        "field '"
                                + missing
                                + "' is missing: producerId, producerEpoch and sequence go"
                                + " together");
            }
            return Optional.empty();
        }
    }
}
