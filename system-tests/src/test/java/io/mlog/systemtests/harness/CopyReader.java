package io.mlog.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlog.systemtests.history.History;
import io.mlog.systemtests.history.RecordId;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads one node's own copy of a partition on and on, in the JSON RPC, and has the history know
 * every record. Neither the death of the node nor any refusal ends it.
 */
public final class CopyReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long ASK_AGAIN_MS = 20;
    private static final int MOST_RECORDS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port;
    private final String topic;
    private final int partition;
    private final History.Reader into;
    private final Thread thread;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private volatile long next;
    private volatile String lastRefusal = "";
    private volatile boolean stopping;

    /** Starts reading at the port of a node. */
    public CopyReader(int port, String topic, int partition, History.Reader into) {
        this.port = port;
        this.topic = topic;
        this.partition = partition;
        this.into = into;
        this.thread =
                Thread.ofPlatform().daemon().name("reader-of-" + port).start(this::readAlways);
    }

    private void readAlways() {
        try {
            while (!stopping) {
                try (RawConnection connection = RawConnection.to(port, PATIENCE)) {
                    readOn(connection);
                } catch (IOException e) {
                    // Dead, paused or wiped: it is asked again.
                    Thread.sleep(ASK_AGAIN_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            broken.set(e);
            throw e;
        }
    }

    private void readOn(RawConnection connection) throws IOException, InterruptedException {
        while (!stopping) {
            connection.sendJson(
                    "{\"id\":1,\"type\":\"FetchBatch\",\"topic\":\"%s\",\"partition\":%d,\"offset\":%d,\"maxCount\":%d,\"maxWaitMs\":200,\"allowFollower\":true}"
                            .formatted(topic, partition, into.next(), MOST_RECORDS));
            JsonNode answer = JSON.readTree(connection.readJson());
            if (answer.path("type").asText().equals("FetchBatchResponse")) {
                take(answer.path("entries"));
            } else {
                lastRefusal = answer.toString();
                Thread.sleep(ASK_AGAIN_MS);
            }
        }
    }

    private void take(JsonNode entries) {
        for (JsonNode entry : entries) {
            byte[] value = Base64.getDecoder().decode(entry.path("value").asText());
            into.read(entry.path("offset").asLong(), RecordId.of(value));
        }
        next = into.next();
    }

    /** The offset it reads next. */
    public long next() {
        return next;
    }

    /** What the node said when it last refused; empty when it never did. */
    public String lastRefusal() {
        return lastRefusal;
    }

    /** Waits until it has read everything below an offset. */
    public void awaitOffset(Duration limit, long offset) {
        Await.until(
                limit,
                "offset %d of %s-%d in the copy at port %d"
                        .formatted(offset, topic, partition, port),
                () -> next >= offset || broken.get() != null);
        if (broken.get() != null) {
            throw new AssertionError("a reader broke", broken.get());
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (broken.get() != null) {
            throw new AssertionError("a reader broke", broken.get());
        }
    }
}
