package io.mlog.broker.rpc;

import io.mlog.core.metadata.TopicImage;
import io.mlog.services.TopicService;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Requests that need a topic which may have to be created first. While it is, all later requests of
 * the same event loop for that topic queue behind the first, so that a connection's records keep
 * their order. Each event loop has its own queues; they are bounded by the requests in flight of
 * its connections.
 */
final class AbsentTopics {
    private final TopicService topics;
    private final ThreadLocal<Map<String, Queue<Waiting>>> waitingByTopic =
            ThreadLocal.withInitial(HashMap::new);

    AbsentTopics(TopicService topics) {
        this.topics = topics;
    }

    private record Waiting(Call call, Call.Step<TopicImage> next) {}

    /** Goes on with the topic on this event loop: now when it exists, else once it does. */
    void withTopic(String name, Call call, Call.Step<TopicImage> next) {
        Map<String, Queue<Waiting>> waiting = waitingByTopic.get();
        Queue<Waiting> before = waiting.isEmpty() ? null : waiting.get(name);
        if (before != null) {
            before.add(new Waiting(call, next));
            return;
        }
        Optional<TopicImage> topic = topics.metadata().topic(name);
        if (topic.isPresent()) {
            next.take(topic.get());
            return;
        }
        Queue<Waiting> queue = new ArrayDeque<>();
        queue.add(new Waiting(call, next));
        waiting.put(name, queue);
        topics.ensureExists(name)
                .whenComplete(
                        (created, failure) -> call.execute(() -> release(name, created, failure)));
    }

    private void release(String name, TopicImage topic, @Nullable Throwable failure) {
        Queue<Waiting> queue = waitingByTopic.get().remove(name);
        if (queue == null) {
            return;
        }
        for (Waiting waiting : queue) {
            if (failure != null) {
                waiting.call.fail(failure);
            } else {
                waiting.call.execute(() -> waiting.next.take(topic));
            }
        }
    }
}
