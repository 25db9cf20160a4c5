package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Committed offsets by group name. A commit's future completes once it survives a restart. */
public interface GroupOffsetService {
    /** Commits; fails with {@link io.mlog.model.MlogException}. */
    CompletableFuture<Void> commit(String group, TopicPartition partition, long offset);

    /** What was committed last. */
    CompletableFuture<Optional<CommittedOffset>> committed(String group, TopicPartition partition);

    /** Everything the group has committed, by partition. */
    CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group);
}
