package io.mlog.systemtests.groups;

import io.mlog.systemtests.harness.KafkaClients;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Looks at a group's committed offsets again and again: they never go back. */
final class CommitWatch implements AutoCloseable {
    private static final long EVERY_MS = 100;

    private final Admin admin;
    private final String group;
    private final Map<TopicPartition, Long> seen = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    CommitWatch(String addresses, String group) {
        this.admin = KafkaClients.admin(addresses);
        this.group = group;
        this.thread = Thread.ofPlatform().name("commit-watch").start(this::run);
    }

    private void run() {
        try {
            while (!ended) {
                look();
                Thread.sleep(EVERY_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(10, TimeUnit.SECONDS)
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            took(partition, offset.offset());
                        }
                    });
        } catch (ExecutionException | TimeoutException e) {
            // The coordinator is moving: the next look sees it.
        }
    }

    private synchronized void took(TopicPartition partition, long offset) {
        Long before = seen.put(partition, offset);
        if (before != null && before > offset) {
            violations.add("%s went back from %d to %d".formatted(partition, before, offset));
        }
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized Map<TopicPartition, Long> last() {
        return Map.copyOf(seen);
    }

    @Override
    public void close() {
        ended = true;
        Threads.join(thread);
        admin.close();
    }
}
