package io.mlog.client;

import io.mlog.model.Acks;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a producer works. Made by {@link #builder}.
 *
 * @param connection how the cluster is reached
 * @param acks what an acknowledgement means
 * @param idempotent whether retries are recognised by the broker, so that no record is stored
 *     twice; always off with acks NONE
 * @param linger how long a batch that is not full waits for more records
 * @param maxBatchRecords most records in a batch
 * @param maxBatchBytes most bytes of a batch, below the topic's {@code max.message.bytes}; a larger
 *     record travels alone
 * @param maxInFlight most unanswered batches per partition, 1 to {@value #MOST_IN_FLIGHT}; 1
 *     without {@code idempotent}, to keep the order
 * @param bufferBytes most bytes of records that wait for their acknowledgement, with 100 bytes
 *     added for each record
 * @param maxBlock how long {@code send} waits for room in the buffer, or to learn about a topic
 * @param deliveryTimeout from {@code send} to the acknowledgement, retries included
 * @param compression gzip, snappy, lz4, zstd or none: how the broker stores the batches; empty for
 *     none
 * @param notices is told in a sentence when a partition cannot be written and when it can again; on
 *     the client's own thread, which it must not block
 */
public record ProducerConfig(
        ConnectionConfig connection,
        Acks acks,
        boolean idempotent,
        Duration linger,
        int maxBatchRecords,
        int maxBatchBytes,
        int maxInFlight,
        long bufferBytes,
        Duration maxBlock,
        Duration deliveryTimeout,
        Optional<String> compression,
        Consumer<String> notices) {
    /** As many batches as a broker remembers of a producer. */
    public static final int MOST_IN_FLIGHT = 5;

    public ProducerConfig {
        Limits.atLeast("linger", linger, Duration.ZERO);
        Limits.atLeast("maxBatchRecords", maxBatchRecords, 1);
        Limits.atLeast("maxBatchBytes", maxBatchBytes, 1);
        Limits.within("maxInFlight", maxInFlight, 1, MOST_IN_FLIGHT);
        Limits.atLeast("bufferBytes", bufferBytes, 1);
        Limits.atLeast("maxBlock", maxBlock, Duration.ofMillis(1));
        Limits.atLeast("deliveryTimeout", deliveryTimeout, Duration.ofMillis(1));
        idempotent = idempotent && acks != Acks.NONE;
        maxInFlight = idempotent ? maxInFlight : 1;
        Objects.requireNonNull(notices);
    }

    /** Starts from the defaults: acks ALL, idempotent, batches of up to 256 KiB, 32 MiB buffer. */
    public static Builder builder() {
        return new Builder();
    }

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private ConnectionConfig connection = ConnectionConfig.builder().build();
        private Acks acks = Acks.ALL;
        private boolean idempotent = true;
        private Duration linger = Duration.ZERO;
        private int maxBatchRecords = 10_000;
        private int maxBatchBytes = 256 << 10;
        private int maxInFlight = MOST_IN_FLIGHT;
        private long bufferBytes = 32 << 20;
        private Duration maxBlock = Duration.ofMinutes(1);
        private Duration deliveryTimeout = Duration.ofMinutes(2);
        private Optional<String> compression = Optional.empty();
        private Consumer<String> notices = sentence -> {};

        private Builder() {}

        /** Nodes to begin with, {@code HOST:PORT} each; the rest of the connection by default. */
        public Builder addresses(String... addresses) {
            return connection(ConnectionConfig.builder().addresses(addresses).build());
        }

        /** How the cluster is reached; default 127.0.0.1:9094. */
        public Builder connection(ConnectionConfig connection) {
            this.connection = connection;
            return this;
        }

        /** What an acknowledgement means; default ALL. */
        public Builder acks(Acks acks) {
            this.acks = acks;
            return this;
        }

        /** Whether the broker recognises retries; default true. */
        public Builder idempotent(boolean idempotent) {
            this.idempotent = idempotent;
            return this;
        }

        /**
         * How long a batch that is not full waits for more; default 0: it leaves when one of the
         * batches in flight is answered, so that batches grow by themselves under load.
         */
        public Builder linger(Duration linger) {
            this.linger = linger;
            return this;
        }

        /** Most records in a batch; default 10,000. */
        public Builder maxBatchRecords(int maxBatchRecords) {
            this.maxBatchRecords = maxBatchRecords;
            return this;
        }

        /** Most bytes in a batch; default 256 KiB. */
        public Builder maxBatchBytes(int maxBatchBytes) {
            this.maxBatchBytes = maxBatchBytes;
            return this;
        }

        /** Most unanswered batches per partition, 1 to 5; default 5. */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /** Bound of the memory for records on their way; default 32 MiB. */
        public Builder bufferBytes(long bufferBytes) {
            this.bufferBytes = bufferBytes;
            return this;
        }

        /** How long {@code send} may block; default 60 s. */
        public Builder maxBlock(Duration maxBlock) {
            this.maxBlock = maxBlock;
            return this;
        }

        /** From {@code send} to the acknowledgement; default 120 s. */
        public Builder deliveryTimeout(Duration deliveryTimeout) {
            this.deliveryTimeout = deliveryTimeout;
            return this;
        }

        /** How batches are stored: gzip, snappy, lz4, zstd or none (the default). */
        public Builder compression(String compression) {
            this.compression = Optional.of(compression);
            return this;
        }

        /** Who is told about trouble and its end, on the client's own thread; default nobody. */
        public Builder notices(Consumer<String> notices) {
            this.notices = notices;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public ProducerConfig build() {
            return new ProducerConfig(
                    connection,
                    acks,
                    idempotent,
                    linger,
                    maxBatchRecords,
                    maxBatchBytes,
                    maxInFlight,
                    bufferBytes,
                    maxBlock,
                    deliveryTimeout,
                    compression,
                    notices);
        }
    }
}
