package io.mlog.kafka;

import java.util.List;

/** What the listener does with a connection after one request. */
public sealed interface KafkaReply {
    /** Name of the request's API as Kafka spells it, such as {@code Produce}, for metrics. */
    String api();

    /**
     * Send a response.
     *
     * @param parts the whole frame in order, its 4 length bytes included; the first part is {@link
     *     ReplyPart.Bytes}. The receiver owns them.
     */
    record Send(String api, List<ReplyPart> parts) implements KafkaReply {
        /** Size of the whole frame, its 4 length bytes included. */
        public long sizeBytes() {
            long size = 0;
            for (int i = 0; i < parts.size(); i++) {
                size += parts.get(i).sizeBytes();
            }
            return size;
        }

        /** Gives back every slice, in place of sending. */
        public void release() {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i) instanceof ReplyPart.Records records) {
                    records.slice().release();
                }
            }
        }
    }

    /** Send nothing: the request was a produce with {@code acks=0}. */
    record Nothing(String api) implements KafkaReply {}

    /**
     * Close the connection, after the replies to earlier requests.
     *
     * @param reason for the log: what was wrong, with the values
     */
    record Close(String api, String reason) implements KafkaReply {}
}
