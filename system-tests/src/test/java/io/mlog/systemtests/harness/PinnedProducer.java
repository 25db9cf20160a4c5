package io.mlog.systemtests.harness;

import io.mlog.systemtests.history.History;
import io.mlog.systemtests.history.RecordId;
import java.io.IOException;
import java.time.Duration;

/**
 * A client that sends to one node only, record by record, whatever that says of other leaders; in
 * the JSON RPC without a producer id. One thread.
 */
public final class PinnedProducer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RawConnection connection;
    private final String topic;
    private final int id;
    private final int acks;
    private final int timeoutMs;
    private final History history;
    private long number;

    /**
     * Sends to partition 0.
     *
     * @param id the writer's number in the history, unlike that of any other
     * @param acks 1: the leader's append, 2: every in-sync replica
     * @param timeout how long the node may wait for the others
     */
    public PinnedProducer(
            int port, String topic, int id, int acks, Duration timeout, History history)
            throws IOException {
        this.connection = RawConnection.to(port, PATIENCE);
        this.topic = topic;
        this.id = id;
        this.acks = acks;
        this.timeoutMs = (int) timeout.toMillis();
        this.history = history;
    }

    /**
     * Sends one record. An acknowledgement by all in-sync replicas is known to the history.
     *
     * @return the node's answer
     */
    public String send() throws IOException {
        RecordId record = new RecordId(id, number++);
        history.sent(record);
        connection.sendJson(
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"%s\",\"partition\":0,\"acks\":%d,\"timeoutMs\":%d,\"text\":\"%s\"}"
                        .formatted(topic, acks, timeoutMs, record.text()));
        String answer = connection.readJson();
        if (acks == 2 && isAcknowledged(answer)) {
            history.acknowledged(record, JsonRpc.number(answer, "offset").orElseThrow());
        }
        return answer;
    }

    public static boolean isAcknowledged(String answer) {
        return JsonRpc.text(answer, "type").equals("ProduceResponse");
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
